// SPDX-License-Identifier: Apache-2.0
#include "delta/delta_reader.h"

#include <utility>

namespace dbxes::delta {

DeltaReader::DeltaReader(EventLoop& loop, dropbox::Client& client, std::string path,
                         std::string cursor)
    : loop_(loop),
      client_(client),
      path_(std::move(path)),
      cursor_(std::move(cursor)),
      arriving_(std::make_shared<Page>()) {}

void DeltaReader::Request() {
  // Parsed as part of the exchange: a page that is no page is asked for again.
  auto accept = [page = arriving_](HttpResponse& response) -> Result<void> {
    std::swap(page->text, response.body);
    return ParsePage(*page);
  };
  under_way_ =
      cursor_.empty()
          ? client_.ListFolder(path_, std::move(arriving_->text), std::move(accept))
          : client_.ListFolderContinue(cursor_, std::move(arriving_->text), std::move(accept));
}

Result<const Page*> DeltaReader::Next() {
  if (done_) return nullptr;
  if (!under_way_) Request();
  auto answer = loop_.Await(*under_way_);
  const bool interrupted = !answer && answer.error().kind == ErrorKind::kInterrupted;
  // Only an interrupted wait leaves the page on its way.
  if (!interrupted) under_way_.reset();
  if (!answer) return Fail(answer.error());
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
