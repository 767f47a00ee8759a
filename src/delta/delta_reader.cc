// SPDX-License-Identifier: Apache-2.0
#include "delta/delta_reader.h"

#include <utility>

#include "dropbox/files.h"

namespace dbxes::delta {

DeltaReader::DeltaReader(EventLoop& loop, dropbox::Client& client, std::string path,
                         std::string cursor, OnWait on_wait)
    : loop_(loop),
      client_(client),
      path_(std::move(path)),
      cursor_(std::move(cursor)),
      arriving_(std::make_shared<Page>()),
      on_wait_(std::move(on_wait)),
      watch_(loop.clock(), "the listing", {client.pace().limits.give_up_after, -1}) {}

void DeltaReader::Request() {
  // Parsed as part of the exchange, so that a damaged page is requested again.
  auto accept = [page = arriving_](HttpResponse& response) -> Result<void> {
    std::swap(page->text, response.body);
    TRY(ParsePage(*page));
    for (Entry& entry : page->entries) FixOddValues(entry);
    return {};
  };
  std::string buffer = std::move(arriving_->text);
  under_way_ =
      cursor_.empty()
          ? dropbox::ListFolder(client_, path_, std::move(buffer), std::move(accept))
          : dropbox::ListFolderContinue(client_, cursor_, std::move(buffer), std::move(accept));
}

void DeltaReader::Begin() {
  if (!under_way_) Request();
}

Result<bool> DeltaReader::Judge() {
  done_ = !current_.has_more;
  if (done_) return true;
  TRY_ASSIGN(wait_, watch_.See(cursor_, current_.cursor, current_.entries.empty()));
  if (wait_.count() > 0 && on_wait_) on_wait_(watch_.Reason(), wait_);
  // The same cursor gives the same page again, or a newer one: nothing of it is lost.
  return current_.cursor != cursor_;
}

Result<const Page*> DeltaReader::Next() {
  for (bool is_new = false; !is_new;) {
    if (done_) return nullptr;
    if (!under_way_) {
      TRY(loop_.Wait(wait_));
      Request();
    }
    auto answer = loop_.Await(*under_way_);
    const bool interrupted = !answer && answer.error().kind == ErrorKind::kInterrupted;
    // After an interrupted wait the page is still on its way.
    if (!interrupted) under_way_.reset();
    TRY(std::move(answer));
    std::swap(current_, *arriving_);
    TRY_ASSIGN(is_new, Judge());
  }
  cursor_ = std::string(current_.cursor);
  if (!done_ && wait_.count() == 0) Request();
  return &current_;
}

}  // namespace dbxes::delta
