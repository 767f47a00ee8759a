// SPDX-License-Identifier: Apache-2.0
// Several reporters that are called one after the other.
#pragma once

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

#include "report/reporter.h"

namespace dbxes::report {

class ReporterGroup final : public Reporter {
 public:
  // The caller owns the reporters. They are called in this order.
  void Set(std::vector<Reporter*> members) { members_ = std::move(members); }
  // `revise` is called after each member got the summary: a member that could not write it may
  // change the exit code that the next members report.
  void SetRevision(std::function<void(RunSummary&)> revise) { revise_ = std::move(revise); }

  void Begin() override {
    for (Reporter* one : members_) one->Begin();
  }
  bool ListsChanges() const override {
    return std::any_of(members_.begin(), members_.end(),
                       [](const Reporter* one) { return one->ListsChanges(); });
  }
  void Changed(const Change& change) override {
    for (Reporter* one : members_) one->Changed(change);
  }
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
  void PrintParts(const std::vector<TextPart>& line) override {
    for (Reporter* one : members_) one->PrintParts(line);
  }
  void Summary(const RunSummary& summary) override {
    RunSummary revised = summary;
    for (Reporter* one : members_) {
      one->Summary(revised);
      if (revise_) revise_(revised);
    }
  }

 private:
  std::vector<Reporter*> members_;
  std::function<void(RunSummary&)> revise_;
};

}  // namespace dbxes::report
