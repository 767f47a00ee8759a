// SPDX-License-Identifier: Apache-2.0
// Several reporters that are told the same, one after the other.
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "report/reporter.h"

namespace dbxes::report {

class ReporterGroup final : public Reporter {
 public:
  // The reporters stay the caller's, and in the order in which they are told.
  void Set(std::vector<Reporter*> members) { members_ = std::move(members); }
  // Looks at a summary that a member was told, before the next one is: what became of telling the
  // first may change how the run ended.
  void SetRevision(std::function<void(RunSummary&)> revise) { revise_ = std::move(revise); }

  void Phase(std::string_view phase) override {
    for (Reporter* one : members_) one->Phase(phase);
  }
  void Progress(const Counters& counters, const Gauges& gauges) override {
    for (Reporter* one : members_) one->Progress(counters, gauges);
  }
  void Info(std::string_view message) override {
    for (Reporter* one : members_) one->Info(message);
  }
  void Warn(std::string_view message) override {
    for (Reporter* one : members_) one->Warn(message);
  }
  void Detail(std::string_view message) override {
    for (Reporter* one : members_) one->Detail(message);
  }
  void Trouble(const Error& error, std::string_view message, bool urgent) override {
    for (Reporter* one : members_) one->Trouble(error, message, urgent);
  }
  void Status(const Counters& counters, const Gauges& gauges) override {
    for (Reporter* one : members_) one->Status(counters, gauges);
  }
  void Instruct(std::string_view line) override {
    for (Reporter* one : members_) one->Instruct(line);
  }
  void Print(std::string_view line) override {
    for (Reporter* one : members_) one->Print(line);
  }
  void Summary(const RunSummary& summary) override {
    RunSummary told = summary;
    for (Reporter* one : members_) {
      one->Summary(told);
      if (revise_) revise_(told);
    }
  }

 private:
  std::vector<Reporter*> members_;
  std::function<void(RunSummary&)> revise_;
};

}  // namespace dbxes::report
