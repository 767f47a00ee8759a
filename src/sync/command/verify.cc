// SPDX-License-Identifier: Apache-2.0
#include "sync/command/verify.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/hash.h"
#include "base/id_set.h"
#include "checkpoint/checkpoint_store.h"
#include "checkpoint/failure_edit.h"
#include "report/summary.h"
#include "report/text.h"
#include "state/open_place.h"

namespace dbxes::sync {
namespace {

using report::ChangeAction;

// What comes from the content of a file (documents/body.h).
constexpr std::string_view kOfText[] = {"body",     "title",          "author",
                                        "language", "body_truncated", "damaged_partly"};

bool IsOfText(const std::string& field) {
  return std::find(std::begin(kOfText), std::end(kOfText), field) != std::end(kOfText);
}

// Takes the changes that a full sync would make as differences. All else goes to the reporter of
// the command.
class DifferenceReporter final : public report::Reporter {
 public:
  DifferenceReporter(report::Reporter& next, const std::function<void(const Difference&)>& show)
      : next_(next), show_(show) {}

  bool ListsChanges() const override { return true; }
  void Changed(const report::Change& change) override {
    Difference difference{
        DifferenceKind::kMissing, change.id, change.path, change.from, change.fields, change.reason,
        change.text_seems_right};
    switch (change.action) {
      case ChangeAction::kCreated:
        break;
      case ChangeAction::kDeleted:
        difference.kind = DifferenceKind::kExtra;
        break;
      case ChangeAction::kUpdated:
      case ChangeAction::kMoved:
        difference.kind = DifferenceKind::kDifferent;
        // What dbx-es keeps in a document for itself is its own business.
        if (change.fields.empty()) return;
        break;
      case ChangeAction::kDropped:
      case ChangeAction::kExcluded:
      case ChangeAction::kWithoutText:
        return;
    }
    Show(std::move(difference));
  }
  void Phase(std::string_view phase) override { next_.Phase(phase); }
  void Progress(const report::Counters& counters, const report::Gauges& gauges) override {
    next_.Progress(counters, gauges);
  }
  void Info(std::string_view message) override { next_.Info(message); }
  void Warn(std::string_view message) override { next_.Warn(message); }
  void Detail(std::string_view message) override { next_.Detail(message); }
  void Trouble(const Error& error, std::string_view message, bool urgent) override {
    next_.Trouble(error, message, urgent);
  }
  void Status(const report::Counters& counters, const report::Gauges& gauges) override {
    next_.Status(counters, gauges);
  }
  void Print(std::string_view line) override { next_.Print(line); }
  void Summary(const report::RunSummary& summary) override { next_.Summary(summary); }

  const Verification& counts() const { return counts_; }
  bool texts_differ() const { return texts_differ_; }
  bool needs_force() const { return needs_force_; }
  bool Lists(const std::string& id) const { return shown_.Contains(Hash64(id)); }

 private:
  // The sample of texts may come to a document that is shown already, with other fields. So does a
  // listing that starts over, with the same ones.
  void Show(Difference difference) {
    const std::uint64_t id = Hash64(difference.id);
    const auto& fields = difference.fields;
    const bool of_text = std::any_of(fields.begin(), fields.end(), IsOfText);
    const bool new_text = of_text && with_text_.Insert(id);
    if (!shown_.Insert(id)) {
      if (!new_text) return;
      std::erase_if(difference.fields, [](const auto& field) { return !IsOfText(field); });
      difference.index_path.clear();
    } else {
      Count(difference.kind);
    }
    texts_differ_ = texts_differ_ || of_text;
    needs_force_ = needs_force_ || (of_text && difference.text_seems_right);
    show_(difference);
  }

  void Count(DifferenceKind kind) {
    if (kind == DifferenceKind::kMissing) ++counts_.missing;
    if (kind == DifferenceKind::kDifferent) ++counts_.different;
    if (kind == DifferenceKind::kExtra) ++counts_.extra;
  }

  report::Reporter& next_;
  const std::function<void(const Difference&)>& show_;
  Verification counts_;
  bool texts_differ_ = false;
  bool needs_force_ = false;
  IdSet shown_;      // Hash64 of ids
  IdSet with_text_;  // Hash64 of ids
};

// Of the documents that differ, those of recorded failures.
struct KnownFailures {
  std::uint64_t waiting = 0;   // that later runs try again
  std::uint64_t accepted = 0;  // by the administrator
};

Result<KnownFailures> FindFailures(Environment& environment, const config::Config& config,
                                   const DifferenceReporter& differences) {
  EventLoop loop(environment.http, environment.clock, environment.stop_signal);
  const auto place = state::OpenPlace(environment, loop, config, config.sync.state,
                                      [](const Error&, Milliseconds) {});
  TRY(place->Open());
  const std::string path = checkpoint::CheckpointStore(*place).failures_path();
  TRY_ASSIGN(const auto records, checkpoint::ReadFailures(place->files(), environment.clock, path));
  KnownFailures known;
  for (const checkpoint::FailureRecord& record : records) {
    if (!checkpoint::IsFailure(record.failure) || !differences.Lists(record.failure.id)) continue;
    ++(record.accepted.empty() ? known.waiting : known.accepted);
  }
  return known;
}

std::string Advice(const DifferenceReporter& reporter, const KnownFailures& failures) {
  const std::uint64_t count = reporter.counts().differences();
  std::string advice = report::CountOf(count, "difference");
  if (reporter.texts_differ()) advice += ", also in texts";
  if (count > failures.waiting + failures.accepted) {
    // Only --force fetches a file whose text the index seems to have.
    advice += fmt::format(": dbx-es full-sync{} corrects {}",
                          reporter.needs_force() ? " --force" : "", count == 1 ? "it" : "them");
  }
  if (failures.waiting > 0) {
    advice += fmt::format("; {} failed before, which dbx-es incremental tries again when {} due",
                          report::CountOf(failures.waiting, "document"),
                          failures.waiting == 1 ? "it is" : "they are");
  }
  if (failures.accepted > 0) {
    advice += fmt::format("; the failure of {} is accepted: dbx-es failures retry ends that",
                          report::CountOf(failures.accepted, "document"));
  }
  return advice;
}

// A run that did its work but could not look at some documents ends with kDocumentsFailed.
void Judge(const report::RunSummary& summary, const DifferenceReporter& reporter,
           const KnownFailures& failures, Verification& result) {
  result.exit_code = summary.exit_code;
  result.message = summary.message;
  if (summary.exit_code == ExitCode::kDocumentsFailed) {
    result.message =
        report::CountOf(summary.counters.failed, "document") + " could not be compared";
    for (const report::FailedDocument& one : summary.failures) {
      result.message += fmt::format("\n{}", report::FailureLine(one));
    }
  }
  const bool compared =
      summary.exit_code == ExitCode::kOk || summary.exit_code == ExitCode::kDocumentsFailed;
  if (!compared || result.differences() == 0) return;
  result.exit_code = ExitCode::kFailed;
  result.message =
      Advice(reporter, failures) + (result.message.empty() ? "" : "\n" + result.message);
}

Result<void> CheckSample(const config::ExtractionConfig& extraction, std::size_t sample) {
  using config::ExtractionMode;
  const bool extracts =
      extraction.mode == ExtractionMode::kLocal || extraction.mode == ExtractionMode::kService;
  if (sample == 0 || extracts) return {};
  return Fail(ErrorKind::kConfig,
              "--sample needs texts that dbx-es extracts: extraction.mode has to be local or "
              "service");
}

}  // namespace

std::string_view ToString(DifferenceKind kind) {
  switch (kind) {
    case DifferenceKind::kMissing:
      return "missing";
    case DifferenceKind::kDifferent:
      return "different";
    case DifferenceKind::kExtra:
      return "extra";
  }
  return "";
}

std::string DifferenceLine(const Difference& difference) {
  const std::string& name = difference.path.empty() ? difference.id : difference.path;
  std::string line = fmt::format("{} {}", ToString(difference.kind), name);
  std::string remark = fmt::format("{}", fmt::join(difference.fields, ", "));
  if (!difference.reason.empty()) remark = difference.reason;
  if (!difference.index_path.empty()) {
    remark += fmt::format("; in the index: {}", difference.index_path);
  }
  return remark.empty() ? line : fmt::format("{} ({})", line, remark);
}

Verification Verify(Environment& environment, const config::Config& config, std::size_t sample,
                    report::Reporter& reporter, const std::function<void(const Difference&)>& show,
                    const ParserFactory& make_parser) {
  if (const auto usable = CheckSample(config.extraction, sample); !usable) {
    Verification refused;
    refused.exit_code = ExitCodeFor(usable.error());
    refused.message = usable.error().ToLine();
    return refused;
  }
  // Nothing is deleted, so nothing has to be stopped for safety.
  config::Config unlimited = config;
  unlimited.sync.max_delete = {.automatic = false, .unlimited = true, .count = 0};
  // What a run leaves for the next one differs as well.
  unlimited.extraction.max_reread_files = 0;
  RunOptions options;
  options.dry_run = true;
  options.verify = true;
  options.take_over = true;  // an index that another state keeps may be looked at
  options.sample = sample;
  DifferenceReporter differences(reporter, show);
  const report::RunSummary summary =
      RunSync(environment, unlimited, options, differences, make_parser);
  Verification result = differences.counts();
  const report::Counters& counters = summary.counters;
  result.documents = counters.created + counters.updated + counters.unchanged + counters.deleted;
  result.entries = counters.entries;
  result.texts = summary.counters.content_fetched;
  result.duration = summary.duration;
  KnownFailures failures;
  if (result.differences() > 0) {
    auto known = FindFailures(environment, config, differences);
    if (known) failures = *known;
    if (!known)
      reporter.Warn("the failures of earlier runs are not known: " + known.error().message);
  }
  Judge(summary, differences, failures, result);
  return result;
}

}  // namespace dbxes::sync
