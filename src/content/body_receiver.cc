// SPDX-License-Identifier: Apache-2.0
#include "content/body_receiver.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "content/first_bytes.h"

namespace dbxes::content {

void BodyReceiver::Prepare(HttpRequest& request) const {
  // Each request makes a new export, so a second half may not fit the first.
  const bool resumable = request_.route != FetchRoute::kExport && !bytes_.empty() &&
                         promise_.known && bytes_.size() < promise_.size;
  if (resumable) request.headers.push_back(fmt::format("Range: bytes={}-", bytes_.size()));
}

// The answer is a part of the same version, and begins where the bytes received so far end.
bool BodyReceiver::Continues(const HttpResponse& head, const DownloadResult& promise) const {
  const std::string place = fmt::format("bytes {}-", bytes_.size());
  return head.Header("content-range").substr(0, place.size()) == place && promise.known &&
         promise.rev == promise_.rev && promise.size == promise_.size &&
         promise.hash == promise_.hash;
}

void BodyReceiver::Begin(const HttpResponse& head) {
  DownloadResult promise =
      ReadDownloadResult(head.Header("dropbox-api-result"), request_.route == FetchRoute::kExport);
  misplaced_ = head.status == 206 && !Continues(head, promise);
  if (head.status == 206 && !misplaced_) return;
  // A 200 is the whole file, whatever was requested.
  StartOver();
  promise_ = std::move(promise);
  if (!promise_.known && request_.listed_size && !request_.listed_hash.empty()) {
    // A proxy may drop the header: what was listed proves the bytes as well.
    promise_.known = true;
    promise_.size = *request_.listed_size;
    promise_.hash = promise_.content_hash = request_.listed_hash;
    promise_.rev = request_.listed_rev;
  }
  // A file that grew is not begun: its bytes would take the room of others.
  too_long_ = !misplaced_ && promise_.known && promise_.size > Room();
  if (!misplaced_ && !too_long_) bytes_.reserve(promise_.size);
}

void BodyReceiver::StartOver() {
  bytes_.clear();
  hasher_.Finish();
}

bool BodyReceiver::Write(std::string_view bytes) {
  if (misplaced_) return true;  // Check requests the file again
  too_long_ = too_long_ || bytes_.size() + bytes.size() > Room();
  if (too_long_) return false;
  const bool looked = bytes_.size() >= kFirstBytes;
  bytes_.append(bytes);
  hasher_.Update(bytes);
  // A file that is shorter is looked at when it is complete.
  if (request_.looks && !looked && bytes_.size() >= kFirstBytes) {
    unknown_ = !FormatByContent(bytes_);
  }
  return !unknown_;
}

Result<void> BodyReceiver::Check() {
  if (too_long_) return Fail(ErrorKind::kRejectedDocument, "the file is too long");
  const auto damaged = [](std::string message) {
    Error error{ErrorKind::kTemporary, std::move(message)};
    error.tag = kDamagedTag;
    return Fail(std::move(error));
  };
  const auto again = [&](std::string message) {
    StartOver();
    return damaged(std::move(message));
  };
  if (misplaced_) return again("the file changed while it was downloaded");
  if (!promise_.known) return again("Dropbox sent a file without its metadata");
  if (bytes_.size() < promise_.size) {
    return damaged(
        fmt::format("the file broke off after {} of {} bytes", bytes_.size(), promise_.size));
  }
  if (bytes_.size() > promise_.size) {
    return again(
        fmt::format("Dropbox sent {} bytes of a file of {}", bytes_.size(), promise_.size));
  }
  if (!promise_.hash.empty() && hasher_.Finish() != promise_.hash) {
    return again("the bytes that arrived do not have the file's content hash");
  }
  return {};
}

FetchedContent BodyReceiver::Take() {
  return {std::move(bytes_), std::move(promise_.rev), std::move(promise_.content_hash)};
}

}  // namespace dbxes::content
