// SPDX-License-Identifier: Apache-2.0
// A whole sync without sockets, files or waiting: the simulated Dropbox, an Elasticsearch in memory
// and a fake clock around the real pipeline; and the oracle that every sync test asks.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/environment.h"
#include "config/config.h"
#include "dropbox_sim/simulator.h"
#include "report/reporter.h"
#include "support/fake_clock.h"
#include "support/fake_elastic.h"
#include "support/fake_extraction.h"
#include "support/fake_network.h"
#include "support/fake_parser.h"
#include "support/memory_file_system.h"
#include "sync/command/run.h"
#include "sync/command/verify.h"

namespace dbxes {

// Remembers what was said.
class RecordingReporter final : public report::Reporter {
 public:
  void Begin() override { ++begun; }
  void Phase(std::string_view phase) override { lines.push_back("phase: " + std::string(phase)); }
  void Progress(const report::Counters&, const report::Gauges&) override {}
  void Info(std::string_view message) override { lines.emplace_back(message); }
  void Warn(std::string_view message) override {
    lines.push_back("warning: " + std::string(message));
  }
  void Detail(std::string_view message) override { details.emplace_back(message); }
  bool ListsChanges() const override { return lists_changes; }
  void Changed(const report::Change& change) override {
    changes.push_back(report::ChangeLine(change));
  }
  void Print(std::string_view) override {}
  void Summary(const report::RunSummary&) override {}

  std::vector<std::string> lines;
  std::vector<std::string> details;
  bool lists_changes = false;
  std::vector<std::string> changes;  // as ChangeLine has them
  int begun = 0;                     // how often a run held its target
};

class SyncWorld {
 public:
  // With the program's own defaults, but for extraction, which is off.
  explicit SyncWorld(sim::Options options = {});

  sim::Simulator& dropbox() { return *dropbox_; }
  sim::Tree& tree() { return dropbox_->tree(); }

  report::RunSummary Full() { return Run(sync::SyncMode::kFull); }
  report::RunSummary Incremental() { return Run(sync::SyncMode::kIncremental); }
  report::RunSummary Run(sync::SyncMode mode);
  // What the timer of `connector run` starts.
  report::RunSummary RunKibanaJob();
  // Compares the index with Dropbox. `differences` gets the lines of DifferenceLine.
  sync::Verification Verify(std::size_t sample, std::vector<std::string>& differences);
  report::RunSummary Explain(const std::string& user, const std::string& document);
  // The stop signal is asked between events: a test counts them to stop or "kill" a run anywhere.
  std::function<int()> stop_signal = [] { return 0; };
  // Called before the simulated Dropbox answers a request of its API.
  std::function<void(const FakeRequest&)> before_answer = [](const FakeRequest&) {};
  // Added to the latency of each request.
  std::function<Milliseconds(const FakeRequest&)> jitter;

  // "" when the index holds exactly what the tree under `config.dropbox.path` (and the received
  // files) says, in every field; else what differs, line by line. Built from the simulator's own
  // books, not with the code under test.
  std::string Difference() const;

  FakeClock clock;
  FakeElastic elastic;
  MemoryFileSystem files;
  FakeExtraction extraction{files};  // of the mode service, at FakeExtraction::kUrl
  ParserScript parser;               // of the mode local, for Office documents and the like
  std::string pdftotext = "/usr/bin/pdftotext";
  std::string pdf_reader;                        // dbx-es-pdf
  std::string tesseract = "/usr/bin/tesseract";  // asked for with extraction.ocr
  std::string missing_confinement;               // of the system
  std::string state_open;                        // why any user can change the state
  RecordingReporter reporter;
  config::Config config;
  sync::RunOptions options;  // the mode is that of the run
  // What the sync rules leave out, in other words than theirs.
  std::function<bool(const sim::LiveItem&)> is_excluded = [](const sim::LiveItem&) {
    return false;
  };
  std::string host_name = "machine-1";
  Console console;  // nobody answers
  std::uint64_t seed = 1;
  std::size_t max_in_flight = 0;  // requests of the last run at the same time, to all services

 private:
  report::RunSummary InEnvironment(const std::function<report::RunSummary(Environment&)>& run);
  std::map<std::string, std::string> Expected() const;
  std::unique_ptr<sim::Simulator> dropbox_;
};

// A document as one line with sorted fields, without nulls (absent and null mean the same to
// Elasticsearch), without the fields that depend on when it was written, and without its readers,
// which support/permission_oracle.h judges.
std::string CanonicalDocument(std::string_view source);

}  // namespace dbxes
