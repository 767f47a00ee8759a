// SPDX-License-Identifier: Apache-2.0
#include "delta/delta_reader.h"

#include <utility>

#include "dropbox/files.h"

namespace dbxes::delta {

DeltaReader::DeltaReader(EventLoop& loop, dropbox::Client& client, std::string path,
                         std::string cursor)
    : loop_(loop),
      client_(client),
      path_(std::move(path)),
      cursor_(std::move(cursor)),
      arriving_(std::make_shared<Page>()) {}

void DeltaReader::Request() {
  // Parsed as part of the exchange, so that a damaged page is requested again.
  auto accept = [page = arriving_](HttpResponse& response) -> Result<void> {
    std::swap(page->text, response.body);
    return ParsePage(*page);
  };
  std::string buffer = std::move(arriving_->text);
  under_way_ =
      cursor_.empty()
          ? dropbox::ListFolder(client_, path_, std::move(buffer), std::move(accept))
          : dropbox::ListFolderContinue(client_, cursor_, std::move(buffer), std::move(accept));
}

Result<const Page*> DeltaReader::Next() {
  if (done_) return nullptr;
  if (!under_way_) Request();
  auto answer = loop_.Await(*under_way_);
  const bool interrupted = !answer && answer.error().kind == ErrorKind::kInterrupted;
  // After an interrupted wait the page is still on its way.
  if (!interrupted) under_way_.reset();
  TRY(std::move(answer));
  std::swap(current_, *arriving_);
  const bool stuck = current_.has_more && current_.entries.empty() && current_.cursor == cursor_;
  if (stuck) {
    return Fail(ErrorKind::kTemporary,
                "Dropbox repeats a listing cursor that leads nowhere; try again later");
  }
  cursor_ = std::string(current_.cursor);
  done_ = !current_.has_more;
  if (!done_) Request();
  return &current_;
}

}  // namespace dbxes::delta
