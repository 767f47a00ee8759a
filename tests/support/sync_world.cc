// SPDX-License-Identifier: Apache-2.0
#include "support/sync_world.h"

#include <fmt/format.h>
#include <rapidjson/document.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "base/ascii.h"
#include "base/json/json.h"
#include "base/os/file_probe.h"
#include "base/path_key.h"
#include "check/explain.h"
#include "sync/command/kibana_runner.h"

namespace dbxes {
namespace {

constexpr char kApi[] = "https://api.dropbox.test";
constexpr char kContent[] = "https://content.dropbox.test";
constexpr char kElastic[] = "https://elastic.test";

FakeAnswer::Transport TransportOf(sim::TransportFault::Kind kind) {
  using Kind = sim::TransportFault::Kind;
  switch (kind) {
    case Kind::kResetBeforeHeaders:
    case Kind::kResetAfterHeaders:
      return FakeAnswer::Transport::kReset;
    case Kind::kResetInBody:
    case Kind::kCutBody:
      return FakeAnswer::Transport::kCut;
    case Kind::kShortChunked:
      return FakeAnswer::Transport::kTruncated;
    case Kind::kStallBeforeHeaders:
    case Kind::kStallInBody:
    case Kind::kNone:
    case Kind::kChunked:
    case Kind::kSlowBody:
    case Kind::kCloseAfter:
      break;
  }
  return FakeAnswer::Transport::kWhole;
}

FakeAnswer AskSimulator(sim::Simulator& simulator, sim::Role role, const FakeRequest& asked) {
  sim::Request request;
  request.role = role;
  request.method = asked.method;
  request.target = asked.target;
  request.headers = asked.headers;
  request.body = asked.body;
  const sim::Response response = simulator.Handle(request);
  simulator.Finish(response.ticket);
  FakeAnswer answer;
  answer.status = response.status;
  answer.body = response.body;
  for (auto [name, value] : response.headers) {
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    answer.headers.emplace_back(std::move(name), std::move(value));
  }
  answer.transport = TransportOf(response.fault.kind);
  answer.at_byte = response.fault.at_byte;
  answer.silence = Milliseconds(response.fault.delay_ms);
  if (response.fault.bytes_per_second > 0) {
    answer.trickle = Milliseconds(
        static_cast<std::int64_t>(response.body->size() * 1000 / response.fault.bytes_per_second));
  }
  return answer;
}

void Put(rapidjson::Document& document, const char* key, std::string_view value) {
  if (value.empty()) return;
  auto& allocator = document.GetAllocator();
  document.AddMember(
      rapidjson::StringRef(key),
      rapidjson::Value(value.data(), static_cast<rapidjson::SizeType>(value.size()), allocator),
      allocator);
}

std::string LowerSuffix(const std::string& name) {
  const auto dot = name.find_last_of('.');
  if (dot == std::string::npos || name.find_first_not_of('.') > dot) return "";
  std::string suffix = name.substr(dot + 1);
  for (char& c : suffix) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return suffix;
}

// The text of a file of those kinds that the tests make: plain ASCII under a few suffixes. The
// parser of the tests takes a file for its own text.
std::string ExpectedBody(const sim::LiveItem& item, const config::ExtractionConfig& config) {
  if (config.mode == config::ExtractionMode::kOff || item.kind == sim::Kind::kFolder) return "";
  if (!item.is_downloadable) return item.markdown;
  const std::string suffix = LowerSuffix(item.name);
  // A name without a suffix is read by its bytes, which are text.
  const bool parsed = (suffix == "pdf" || suffix == "docx" || suffix.empty()) &&
                      config.mode == config::ExtractionMode::kLocal;
  const bool text =
      suffix == "txt" || suffix == "md" || suffix == "csv" || suffix == "paper" || parsed;
  if (!text || item.size > config.max_file_download_size) return "";
  return item.content->Bytes();
}

// What the manual promises of a document, written down a second time.
std::string ExpectedDocument(const sim::LiveItem& item, const std::string& home,
                             const config::ExtractionConfig& extraction) {
  rapidjson::Document document(rapidjson::kObjectType);
  const bool folder = item.kind == sim::Kind::kFolder;
  Put(document, "id", item.id);
  Put(document, "type", folder ? "Folder" : "File");
  Put(document, "name", item.name);
  document.AddMember("size", rapidjson::Value(folder ? 0 : item.size), document.GetAllocator());
  if (!folder) {
    const bool paper = item.name.size() > 6 && item.name.substr(item.name.size() - 6) == ".paper";
    Put(document, "_timestamp",
        paper && !item.received ? item.client_modified : item.server_modified);
    Put(document, "extension", LowerSuffix(item.name));
    Put(document, "rev", item.rev);
    Put(document, "client_modified", item.client_modified);
    Put(document, "server_modified", item.server_modified);
    if (!item.received) Put(document, "content_hash", item.content_hash);
  }
  Put(document, "body", ExpectedBody(item, extraction));
  if (item.received) document.AddMember("received", true, document.GetAllocator());
  if (!item.received) {
    std::string key;
    Put(document, "path_lower", PathKey(item.path_lower, key));
    Put(document, "file_path", item.path_display);
    rapidjson::Value ancestors(rapidjson::kArrayType);
    for (auto at = item.path_lower.find('/', 1); at != std::string::npos;
         at = item.path_lower.find('/', at + 1)) {
      const std::string folder(PathKey(std::string_view(item.path_lower).substr(0, at), key));
      ancestors.PushBack(rapidjson::Value(folder, document.GetAllocator()),
                         document.GetAllocator());
    }
    document.AddMember("ancestors", ancestors, document.GetAllocator());
    const std::string shared =
        item.shared_folder_id.empty() ? item.parent_shared_folder_id : item.shared_folder_id;
    Put(document, "shared_folder_id", shared);
    Put(document, "namespace_id", shared.empty() ? home : shared);
  }
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  document.Accept(writer);
  return CanonicalDocument(View(buffer));
}

bool IsUnder(const std::string& path, const std::string& folder) {
  return folder.empty() || path == folder ||
         (path.size() > folder.size() && path.compare(0, folder.size(), folder) == 0 &&
          path[folder.size()] == '/');
}

}  // namespace

SyncWorld::SyncWorld(sim::Options options)
    : dropbox_(std::make_unique<sim::Simulator>(std::move(options),
                                                [this] { return clock.WallMicros() / 1000; })) {
  config.dropbox.app_key = "sim-app-key";
  config.dropbox.app_secret = config::Secret("sim-app-secret");
  config.dropbox.refresh_token = config::Secret("sim-refresh-token");
  config.dropbox.api_url = kApi;
  config.dropbox.content_url = kContent;
  config.dropbox.web_url = "https://www.dropbox.test";
  config.elasticsearch.host = kElastic;
  config.elasticsearch.index = "docs";
  config.elasticsearch.api_key = config::Secret("sim-elastic-key");
  config.elasticsearch.compression = config::Compression::kOff;
  config.state_dir = "/state";
  // All tests of whole runs are run with either place of the state.
  const char* state = std::getenv("DBX_ES_TEST_STATE");
  if (state != nullptr && std::string_view(state) == "cluster") {
    config.sync.state = config::StateKind::kCluster;
    elastic.unbooked = "dbx-es-docs";
  }
  // For most tests one request more for each file would be noise.
  config.extraction.mode = config::ExtractionMode::kOff;
}

report::RunSummary SyncWorld::Run(sync::SyncMode mode) {
  options.mode = mode;
  const std::uint64_t before = elastic.requests();
  report::RunSummary summary = InEnvironment([&](Environment& environment) {
    return sync::RunSync(environment, config, options, reporter,
                         [this](EventLoop& loop, const parsers::ParserSettings&) {
                           return std::make_unique<FakeParser>(loop, parser);
                         });
  });
  // Where the requests for the state are in no book.
  if (!elastic.unbooked.empty()) {
    summary.counters.elasticsearch_requests = elastic.requests() - before;
  }
  return summary;
}

report::RunSummary SyncWorld::RunKibanaJob() {
  return InEnvironment([&](Environment& environment) {
    return sync::RunKibanaJob(environment, config, reporter,
                              [this](EventLoop& loop, const parsers::ParserSettings&) {
                                return std::make_unique<FakeParser>(loop, parser);
                              });
  });
}

sync::Verification SyncWorld::Verify(std::size_t sample, std::vector<std::string>& differences) {
  sync::Verification result;
  InEnvironment([&](Environment& environment) {
    result = sync::Verify(
        environment, config, sample, reporter,
        [&](const sync::Difference& one) { differences.push_back(DifferenceLine(one)); },
        [this](EventLoop& loop, const parsers::ParserSettings&) {
          return std::make_unique<FakeParser>(loop, parser);
        });
    return report::RunSummary();
  });
  return result;
}

report::RunSummary SyncWorld::Explain(const std::string& user, const std::string& document) {
  return InEnvironment([&](Environment& environment) {
    return check::RunExplanation(environment, config, {user, document}, reporter);
  });
}

report::RunSummary SyncWorld::InEnvironment(
    const std::function<report::RunSummary(Environment&)>& run) {
  dropbox_->BeginRun();
  FakeNetwork network(clock);
  if (jitter) network.SetJitter(jitter);
  network.Route(kApi, [this](const FakeRequest& request) {
    before_answer(request);
    return AskSimulator(*dropbox_, sim::Role::kApi, request);
  });
  network.Route(kContent, [this](const FakeRequest& request) {
    return AskSimulator(*dropbox_, sim::Role::kContent, request);
  });
  network.Route(FakeExtraction::kUrl,
                [this](const FakeRequest& request) { return extraction(request); });
  network.Route(kElastic, [this](const FakeRequest& request) { return elastic(request); });
  reporter.lines.clear();
  reporter.details.clear();
  FileProbe probe;
  probe.changeable_by_anybody = [this](const std::string&) { return state_open; };
  Environment environment{.files = files,
                          .scratch = files,
                          .probe = probe,
                          .clock = clock,
                          .http = network,
                          .stop_signal = stop_signal,
                          .seed = seed,
                          .pid = 4711,
                          .host_name = host_name,
                          .pdf_reader = pdf_reader,
                          .pdftotext = pdftotext,
                          .tesseract = tesseract,
                          .missing_confinement = missing_confinement,
                          .console = console};
  report::RunSummary summary = run(environment);
  max_in_flight = network.max_in_flight();
  return summary;
}

std::map<std::string, std::string> SyncWorld::Expected() const {
  std::map<std::string, std::string> expected;
  const sim::Tree& tree = dropbox_->tree();
  const std::string home = tree.items().ns(tree.people().primary().home).id;
  const auto is_under_any = [this](const std::string& path_lower) {
    return std::ranges::any_of(config.dropbox.paths, [&](const std::string& folder) {
      return IsUnder(path_lower, LowerAscii(folder));
    });
  };
  if (config.dropbox.include_received_files) {
    for (const sim::LiveItem& item : tree.ReceivedSnapshot()) {
      if (is_excluded(item)) continue;
      expected[item.id] = ExpectedDocument(item, home, config.extraction);
    }
  }
  for (const sim::LiveItem& item : tree.Snapshot()) {
    // A received file that is mounted counts where it lies, and nowhere else.
    expected.erase(item.id);
    if (is_under_any(item.path_lower) && !is_excluded(item)) {
      expected[item.id] = ExpectedDocument(item, home, config.extraction);
    }
  }
  return expected;
}

std::string SyncWorld::Difference() const {
  const auto expected = Expected();
  std::map<std::string, std::string> actual;
  for (const auto& [id, source] : elastic.Documents(config.elasticsearch.index)) {
    actual[id] = CanonicalDocument(source);
  }
  std::string text;
  for (const auto& [id, document] : expected) {
    const auto found = actual.find(id);
    if (found == actual.end()) {
      text += fmt::format("missing: {}\n", document);
    } else if (found->second != document) {
      text += fmt::format("differs: {}\n     is: {}\n", document, found->second);
    }
  }
  for (const auto& [id, document] : actual) {
    if (expected.count(id) == 0) text += fmt::format("extra: {}\n", document);
  }
  return text;
}

std::string CanonicalDocument(std::string_view source) {
  auto document = ParseJson(source, "a document");
  if (!document || !document->IsObject()) return std::string(source);
  std::map<std::string, std::string> fields;
  const bool folder = StringMember(*document, "type") == "Folder";
  for (const auto& member : std::as_const(*document).GetObject()) {
    const std::string name(View(member.name));
    const bool of_the_run = name == "sync_seq" || name == "sync_fingerprint" ||
                            name == "sync_version" || name == "mime_type" || name == "url" ||
                            name == "body_fingerprint" || name == "_allow_access_control" ||
                            name == "permissions_fingerprint" || (folder && name == "_timestamp");
    if (of_the_run || member.value.IsNull()) continue;
    JsonBuffer buffer;
    JsonWriter writer(buffer);
    member.value.Accept(writer);
    fields[name] = View(buffer);
  }
  std::string line;
  for (const auto& [name, value] : fields) line += fmt::format("{}={} ", name, value);
  return line;
}

}  // namespace dbxes
