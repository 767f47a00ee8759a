// SPDX-License-Identifier: Apache-2.0
#include "sync/outlet/download_queue.h"

#include <doctest/doctest.h>

namespace dbxes::sync {
namespace {

// Items are sizes; 0 is none.
int TakeUpTo(DownloadQueue<int>& queue, int room) {
  return queue.Take([room](int size) { return size <= room; });
}

}  // namespace

TEST_CASE("files are taken in order as long as they fit") {
  DownloadQueue<int> queue;
  for (const int size : {3, 1, 2}) queue.Push(size);
  CHECK(TakeUpTo(queue, 9) == 3);
  CHECK(TakeUpTo(queue, 9) == 1);
  CHECK(TakeUpTo(queue, 9) == 2);
  CHECK(queue.empty());
}

TEST_CASE("a file that does not fit is overtaken, but only by those right behind it") {
  DownloadQueue<int> queue;
  queue.Push(100);
  for (std::size_t i = 0; i < DownloadQueue<int>::kLookAhead - 1; ++i) queue.Push(50);
  queue.Push(1);  // out of sight
  CHECK(TakeUpTo(queue, 10) == 0);
  CHECK(TakeUpTo(queue, 60) == 50);
  CHECK(TakeUpTo(queue, 10) == 1);
}

TEST_CASE("a file that does not fit is not overtaken forever") {
  DownloadQueue<int> queue;
  queue.Push(100);
  int taken = 0;
  for (int i = 0; i < DownloadQueue<int>::kMostOvertaken + 5; ++i) {
    queue.Push(1);
    taken += TakeUpTo(queue, 10);
  }
  CHECK(taken == DownloadQueue<int>::kMostOvertaken);
  CHECK(TakeUpTo(queue, 100) == 100);
  CHECK(TakeUpTo(queue, 10) == 1);
}

}  // namespace dbxes::sync
