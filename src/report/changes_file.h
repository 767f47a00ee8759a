// SPDX-License-Identifier: Apache-2.0
// The changes of a run as JSON lines, to a file or to standard output.
#pragma once

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "report/reporter.h"

namespace dbxes::report {

class ChangesFile final : public Reporter {
 public:
  using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

  // "-" is standard output. A file is private to the user, also if it was there; what it has stays
  // until a run begins. kConfig when that is not possible.
  static Result<File> Open(const std::string& path);

  // The caller owns the stream and the clock. Each line is written at once.
  ChangesFile(std::FILE* stream, const Clock& clock) : stream_(stream), clock_(clock) {}

  // Why a line could not be written, "" if all were. A reader of standard output that has ended has
  // what it wants: then nothing more is written, and that is no problem.
  const std::string& problem() const { return problem_; }

  // Empties the file: a run that has to wait for another one leaves it alone.
  void Begin() override;
  bool ListsChanges() const override { return true; }
  void Changed(const Change& change) override;
  void Phase(std::string_view) override {}
  void Progress(const Counters&, const Gauges&) override {}
  void Info(std::string_view) override {}
  void Warn(std::string_view) override {}
  void Detail(std::string_view) override {}
  void Print(std::string_view) override {}
  void Summary(const RunSummary&) override {}

 private:
  void NoteFailure(int error);

  std::FILE* stream_;
  const Clock& clock_;
  bool ended_ = false;
  std::string problem_;
};

}  // namespace dbxes::report
