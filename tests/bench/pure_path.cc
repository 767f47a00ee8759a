// SPDX-License-Identifier: Apache-2.0
//
// pure-path ENTRIES ROUNDS: listing pages in memory to NDJSON in memory through the stages of a
// first full sync, and next to it RapidJSON alone over the same bytes. Prints one JSON object;
// times are in milliseconds of the processor, one for each round.

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <rapidjson/document.h>
#include <rapidjson/reader.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include "base/json/json_scanner.h"
#include "checkpoint/pending_deletions.h"
#include "checkpoint/seen_ids.h"
#include "delta/page_parser.h"
#include "documents/document.h"
#include "dropbox_sim/simulator.h"
#include "elastic/ndjson_encoder.h"
#include "support/memory_file_system.h"
#include "sync/stages/change_stage.h"
#include "sync/stages/document_stage.h"

namespace dbxes {
namespace {

constexpr std::int64_t kNowMs = 1'780'000'000'000;
constexpr std::size_t kBatchBytes = std::size_t{5} << 20;

// Encodes as the bulk writer does, and drops each full batch.
class MemorySink final : public elastic::ActionSink {
 public:
  Result<void> Add(const elastic::BulkAction& action) override {
    if (batch_.size() >= kBatchBytes) Empty();
    elastic::AppendNdjson(action, batch_);
    ++counters_.created;
    return {};
  }
  void Mark(std::uint64_t) override {}
  std::optional<std::uint64_t> TakeReleasedMark() override { return std::nullopt; }
  Result<void> Drain() override {
    Empty();
    return {};
  }
  const elastic::BulkCounters& counters() const override { return counters_; }
  std::size_t bytes() const { return bytes_; }

 private:
  void Empty() {
    bytes_ += batch_.size();
    batch_.clear();
  }
  std::string batch_;
  std::size_t bytes_ = 0;
  elastic::BulkCounters counters_;
};

std::vector<std::string> RenderPages(std::size_t files) {
  sim::Simulator dropbox({}, [] { return kNowMs; });
  dropbox.tree().AddSyntheticTree(files, 1);
  const std::string token = dropbox.tokens().Mint(kNowMs);
  std::vector<std::string> pages;
  std::string argument = R"({"path":"","recursive":true,"limit":2000})";
  std::string route = "files/list_folder";
  for (bool more = true; more;) {
    sim::Request request;
    request.target = "/2/" + route;
    request.headers = {{"Authorization", "Bearer " + token}, {"Content-Type", "application/json"}};
    request.body = argument;
    pages.push_back(*dropbox.Handle(request).body);
    rapidjson::Document page;
    page.Parse(pages.back().data(), pages.back().size());
    more = page["has_more"].GetBool();
    argument = fmt::format(R"({{"cursor":"{}"}})", page["cursor"].GetString());
    route = "files/list_folder/continue";
  }
  return pages;
}

[[noreturn]] void Die(const Error& error) {
  std::fprintf(stderr, "pure-path: %s\n", error.ToLine().c_str());
  std::exit(1);
}
void Check(const Result<void>& done) {
  if (!done) Die(done.error());
}

// CPU time of this thread only. Nothing here waits.
double MillisOfThread() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}
double MillisSince(double begin) { return MillisOfThread() - begin; }

// Takes every token of a document and does nothing with it.
struct Ignore : rapidjson::BaseReaderHandler<rapidjson::UTF8<>, Ignore> {};

// RapidJSON, called as by an application that has to keep the text.
double ParseAlone(const std::vector<std::string>& pages) {
  const auto begin = MillisOfThread();
  for (const std::string& page : pages) {
    Ignore handler;
    rapidjson::Reader reader;
    rapidjson::StringStream stream(page.c_str());
    if (reader.Parse(stream, handler).IsError()) Die({ErrorKind::kInternal, "a page is no JSON"});
  }
  return MillisSince(begin);
}

// JsonScanner, which reads what comes from the network. Pages are copied outside of the time that
// counts: a run gets its own from the network.
double ParseAloneInPlace(const std::vector<std::string>& pages) {
  double millis = 0;
  for (std::string page : pages) {
    const auto begin = MillisOfThread();
    JsonScanner json(page);
    json.Skip();
    json.Finish();
    millis += MillisSince(begin);
    if (json.failed()) Die({ErrorKind::kInternal, "a page is " + json.ErrorText()});
  }
  return millis;
}

struct PathTimes {
  double millis = 0;
  std::uint64_t entries = 0;
  std::size_t bytes = 0;
};

PathTimes WholePath(const std::vector<std::string>& texts) {
  MemoryFileSystem files;
  checkpoint::PendingDeletions pending(files, "pending");
  checkpoint::SeenIds seen(files, "seen");
  pending.TrackCover();
  Check(pending.Open({}));
  Check(seen.Open({}));
  checkpoint::SyncSequence sequence(kNowMs * 1000, 0);
  report::Counters counters;
  auto memory = std::make_unique<MemorySink>();
  const MemorySink& sink = *memory;
  const config::ExtractionConfig extraction;
  sync::Outlet outlet(sync::Destination::kCluster, std::move(memory),
                      content::ContentPlanner(extraction), 6000);
  documents::DocumentBuilder builder({"https://www.dropbox.com", "1", false});
  sync::ChangeStage changes(pending, &seen, sequence);
  sync::DocumentWriter writer(builder, outlet, elastic::VersionStamps(), counters);
  sync::DocumentStage documents(writer, nullptr, false);
  PathTimes times;
  delta::Page page;  // as in a run, the next one gets the memory of the one before
  for (const std::string& text : texts) {
    page.text = text;
    const auto begin = MillisOfThread();
    Check(delta::ParsePage(page));
    documents.Draft(changes.Note(page));
    Check(documents.Write("2026-05-28T20:26:40Z"));
    times.millis += MillisSince(begin);
    times.entries += page.entries.size();
  }
  Check(outlet.sink().Drain());
  times.bytes = sink.bytes();
  return times;
}

int Run(std::size_t files, int rounds) {
  const std::vector<std::string> pages = RenderPages(files);
  std::size_t bytes = 0;
  for (const std::string& page : pages) bytes += page.size();
  std::vector<double> alone;
  std::vector<double> in_place;
  std::vector<double> whole;
  PathTimes path;
  // In turn, so that other load of the machine affects both.
  for (int round = 0; round < rounds; ++round) {
    alone.push_back(ParseAlone(pages));
    in_place.push_back(ParseAloneInPlace(pages));
    path = WholePath(pages);
    whole.push_back(path.millis);
  }
  fmt::print(R"({{"entries":{},"pages":{},"bytes_in":{},"bytes_out":{},)", path.entries,
             pages.size(), bytes, path.bytes);
  fmt::print(R"("parse_ms":[{:.3f}],"in_place_ms":[{:.3f}],"path_ms":[{:.3f}]}})",
             fmt::join(alone, ","), fmt::join(in_place, ","), fmt::join(whole, ","));
  return 0;
}

}  // namespace
}  // namespace dbxes

int main(int argc, char** argv) {
  const int files = argc == 3 ? std::atoi(argv[1]) : 0;
  const int rounds = argc == 3 ? std::atoi(argv[2]) : 0;
  if (files <= 0 || rounds <= 0) {
    std::fprintf(stderr, "usage: pure-path ENTRIES ROUNDS\n");
    return 2;
  }
  return dbxes::Run(static_cast<std::size_t>(files), rounds);
}
