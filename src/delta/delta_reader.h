// SPDX-License-Identifier: Apache-2.0
// Follows the cursor: files/list_folder and /continue, with the next page requested while the
// caller works on this one. A reset is an error of its own kind, never an end of the listing.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/http/event_loop.h"
#include "delta/page_parser.h"
#include "dropbox/client.h"
#include "dropbox/page_watch.h"

namespace dbxes::delta {

class DeltaReader {
 public:
  // Starts a fresh listing of `path` ("" is the root) when `cursor` is empty, else continues there.
  // `on_wait` is called with the reason and the length of each wait for a feed that leads nowhere.
  using OnWait = std::function<void(const Error&, Milliseconds)>;
  DeltaReader(EventLoop& loop, dropbox::Client& client, std::string path, std::string cursor,
              OnWait on_wait = nullptr);
  // Requests the first page, so that it is on its way while the caller does something else before
  // Next.
  void Begin();
  // The strings of entries point into the page, which lives until the next call. nullptr after the
  // last page. Errors: kCursorReset (start a fresh listing), kRootChanged, kNotFound and kConfig
  // (the path does not exist or is a file; fresh listings only), kTemporary (also for a feed
  // without a new entry for sync.give_up_after), kAuth, kPermission, kInterrupted. After an error
  // the next call requests the same page again.
  Result<const Page*> Next();

 private:
  void Request();
  // Whether the page that has arrived is a new one; the wait before the next request otherwise.
  Result<bool> Judge();

  EventLoop& loop_;
  dropbox::Client& client_;
  std::string path_;
  std::string cursor_;
  bool done_ = false;
  Page current_;
  std::shared_ptr<Page> arriving_;
  std::optional<Pending<HttpResponse>> under_way_;
  OnWait on_wait_;
  dropbox::PageWatch watch_;
  Milliseconds wait_{0};  // before the next request
};

// Calls `visit` with each page until the feed has no more, or until the first error. The page
// after the one that is visited is under way already.
template <class Visit>
Result<void> ForEachPage(DeltaReader& feed, const Visit& visit) {
  for (;;) {
    TRY_ASSIGN(const Page* page, feed.Next());
    if (page == nullptr) return {};
    TRY(visit(*page));
  }
}

}  // namespace dbxes::delta
