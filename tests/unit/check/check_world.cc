// SPDX-License-Identifier: Apache-2.0
#include "check/check_world.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <ctime>

#include "base/json/json.h"
#include "base/os/file_probe.h"
#include "checkpoint/folder_place.h"
#include "support/sync_world.h"
#include "sync/plan/settings_fingerprint.h"

namespace dbxes::check {
namespace {

std::string HttpDate(std::int64_t micros) {
  const auto seconds = static_cast<std::time_t>(micros / 1'000'000);
  std::tm time{};
  ::gmtime_r(&seconds, &time);
  char text[64];
  std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &time);
  return text;
}

}  // namespace

CheckWorld::CheckWorld() {
  settings["dropbox"] = {{"app_key", "\"sim-app-key\""},
                         {"app_secret", "\"sim-app-secret\""},
                         {"refresh_token", "\"sim-refresh-token\""},
                         {"api_url", fmt::format("\"{}\"", kApi)},
                         {"content_url", fmt::format("\"{}\"", kApi)}};
  settings["elasticsearch"] = {
      {"host", fmt::format("\"{}\"", kElastic)}, {"index", "\"docs\""}, {"api_key", "\"key\""}};
  settings["sync"] = {{"state_dir", "\"/state\""}};
  service = [](const FakeRequest&) { return FakeAnswer::Json(200, "Apache Tika 3.2.3"); };
  network_.Route(kApi, [this](const FakeRequest& request) { return AnswerDropbox(request); });
  network_.Route("https://hc.test", [this](const FakeRequest& request) {
    pinged.push_back(request.target);
    return pings_fail ? FakeAnswer::Broken(FakeAnswer::Transport::kRefused)
                      : FakeAnswer::Json(404, "");
  });
  network_.Route(kElastic, [this](const FakeRequest& request) { return AnswerElastic(request); });
  network_.Route(kService, [this](const FakeRequest& request) { return service(request); });
}

sim::Simulator& CheckWorld::dropbox() {
  if (!dropbox_) {
    dropbox_ =
        std::make_unique<sim::Simulator>(options, [this] { return clock.WallMicros() / 1000; });
  }
  return *dropbox_;
}

std::string CheckWorld::Toml() const {
  if (!broken_file.empty()) return broken_file;
  std::string toml;
  for (const auto& [section, values] : settings) {
    toml += fmt::format("[{}]\n", section);
    for (const auto& [key, value] : values) toml += fmt::format("{} = {}\n", key, value);
  }
  return toml;
}

config::LoadedConfig CheckWorld::Load() const {
  const config::ConfigSources sources{
      .environment = environment,
      .read_file = [this](const std::string& path) -> Result<std::string> {
        if (path == kConfigFile) return Toml();
        auto& here = const_cast<CheckWorld*>(this)->files;  // reading alone
        return here.ReadFile(path);
      },
      .file_mode = [this](const std::string&) { return std::optional<unsigned>(mode); },
      .changeable = [this](const std::string&) { return changeable; },
      .run_command = [this](const std::vector<std::string>&) { return printed; },
  };
  return config::InspectConfig({}, sources);
}

std::string CheckWorld::StateFile(const std::string& ending) const {
  return "/state/" + checkpoint::TargetFileName(kElastic, "docs") + ending;
}

checkpoint::Checkpoint CheckWorld::GoodCheckpoint() const {
  checkpoint::Checkpoint checkpoint;
  checkpoint.target = "docs";
  checkpoint.settings = sync::FingerprintOf(Load().config, rules::RuleSet{});
  checkpoint.last_full_sync_at = FormatUtc(clock.WallMicros());
  return checkpoint;
}

void CheckWorld::Save(const checkpoint::Checkpoint& checkpoint) {
  files.files()[StateFile(".json")] = checkpoint::SerializeCheckpoint(checkpoint);
  if (!saved) saved = clock.WallMicros();
}

CheckReport CheckWorld::Run() {
  dropbox().BeginRun();
  const FileProbe probe{
      [this](const std::string&) -> Result<std::optional<std::string>> { return holder; },
      [this](const std::string&) {
        return writing_problem.message.empty() ? Result<void>() : Fail(writing_problem);
      },
      [this](const std::string&) { return saved; },
      [this](const std::string&) { return state_changeable; },
      [this](const std::string& path) {
        return path == StateFile(".pending") ? state_open : std::string();
      },
      [this](const std::string&) { return state_fillable; },
      [this](const std::string&) { return file_problem; },
      [this](const std::string&) { return exposed; }};
  Environment here{.files = files,
                   .scratch = files,
                   .probe = probe,
                   .clock = clock,
                   .http = network_,
                   .stop_signal = [this] { return signal; },
                   .seed = 1,
                   .pdf_reader = pdf_reader,
                   .pdftotext = pdftotext,
                   .missing_confinement = missing_confinement};
  RecordingReporter reporter;
  return RunCheck(here, Load(), reporter);
}

FakeAnswer CheckWorld::AnswerDropbox(const FakeRequest& request) {
  if (instead_of_dropbox) {
    if (auto answer = instead_of_dropbox(request)) return *std::move(answer);
  }
  sim::Request asked;
  asked.role = sim::Role::kApi;
  // One host for both here; what is downloaded goes to the other one there.
  if (request.target.find("/files/download") != std::string::npos) asked.role = sim::Role::kContent;
  asked.method = request.method;
  asked.target = request.target;
  asked.headers = request.headers;
  asked.body = request.body;
  const sim::Response response = dropbox().Handle(asked);
  dropbox().Finish(response.ticket);
  FakeAnswer answer;
  answer.status = response.status;
  answer.body = response.body;
  // The time that Dropbox has, whatever the clock here says.
  answer.headers = {{"date", HttpDate(FakeClock::kStartWallMicros + clock.Now().count() * 1000)}};
  return answer;
}

FakeAnswer CheckWorld::AnswerPrivileges(const FakeRequest& request) const {
  const auto question = ParseJson(request.body, "the question");
  std::string text;
  for (const rapidjson::Value& asked : FindMember(*question, "index")->GetArray()) {
    for (const auto& index : FindMember(asked, "names")->GetArray()) {
      std::string granted;
      for (const auto& privilege : FindMember(asked, "privileges")->GetArray()) {
        const std::string name(View(privilege));
        const bool lacks =
            denied.count(name) > 0 || denied.count(fmt::format("{} on {}", name, View(index))) > 0;
        granted += fmt::format("{}\"{}\":{}", granted.empty() ? "" : ",", name, !lacks);
      }
      text += fmt::format("{}\"{}\":{{{}}}", text.empty() ? "" : ",", View(index), granted);
    }
  }
  return FakeAnswer::Json(200, fmt::format(R"({{"index":{{{}}}}})", text));
}

FakeAnswer CheckWorld::AnswerElastic(const FakeRequest& request) {
  if (instead_of_elastic) {
    if (auto answer = instead_of_elastic(request)) return *std::move(answer);
  }
  if (request.target == "/") return FakeAnswer::Json(200, root);
  if (request.target == "/_license") {
    return FakeAnswer::Json(200, fmt::format(R"({{"license":{{"type":"{}"}}}})", license));
  }
  if (request.target == "/_security/user/_has_privileges") return AnswerPrivileges(request);
  if (request.target.find("/_settings/") != std::string::npos) return FakeAnswer::Json(200, blocks);
  const bool searches = request.target.find("/_count?") != std::string::npos ||
                        request.target.find("/_search?") != std::string::npos ||
                        request.target.ends_with("/_search") ||
                        request.target.find("/_mget?") != std::string::npos;
  const bool reads = request.method == "GET" || searches;
  if (!reads) writes.push_back(request.method + " " + request.target);
  return elastic(request);
}

}  // namespace dbxes::check
