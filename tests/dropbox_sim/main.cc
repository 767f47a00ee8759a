// SPDX-License-Identifier: Apache-2.0
// The simulated Dropbox as a program, for end-to-end tests, the quickstart and benchmarks.

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "dropbox_sim/control.h"
#include "dropbox_sim/demo.h"
#include "dropbox_sim/http_server.h"
#include "dropbox_sim/simulator.h"

namespace dbxes::sim {
namespace {

constexpr const char* kUsage = R"(Usage: dropbox-sim [options]
A simulated Dropbox on 127.0.0.1; tests/dropbox_sim/README.md describes it.

  --port N             port, 0 takes a free one (default 0)
  --port-file FILE     write the port there when listening
  --tls                serve https; needs --cert and --key
  --cert FILE          certificate chain, PEM
  --key FILE           private key, PEM
  --seed N             all that is random follows from it (default 1)
  --plain              answer without any of the freedoms Dropbox takes
  --nasty              take all of them (default: a mild choice)
  --gzip               compress JSON for clients that accept it (--nasty does)
  --exact-types        JSON is application/json without a charset, as Dropbox's own SDK insists
  --demo               start with the demo content
  --tree N             start with N files in a folder tree
  --rate-limit N       calls a second that each authorization may make (default: any number)
  --burst N            calls that it may make at once before that (default 20)
  --clock-factor N     the limiter's clock runs so much faster, waits are as much shorter
  --longpoll-wait MS   a longpoll without news answers after this (default: as asked)
  --longpoll-jitter MS and up to so much later (default 0)
  --expires-in S       life of access tokens in seconds (default 14400)
  --app-key KEY        (default sim-app-key)
  --app-secret SECRET  (default sim-app-secret)
  --refresh-token T    (default sim-refresh-token)
  --team               the refresh token is a team's
  --no-request-log     keep counters but no list of requests
  --log-file FILE      append a line for each request
  --help
)";

struct Settings {
  Options options;
  std::uint16_t port = 0;
  std::string port_file;
  bool tls = false;
  std::string cert;
  std::string key;
  bool demo = false;
  bool exact_types = false;
  bool gzip = false;
  std::size_t tree_files = 0;
  bool keep_requests = true;
  std::string log_file;
};

[[noreturn]] void Fail(const std::string& sentence) {
  std::fprintf(stderr, "dropbox-sim: %s\n", sentence.c_str());
  std::exit(2);
}

std::uint64_t Number(const std::string& option, std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size())
    Fail(fmt::format("{} wants a number, not '{}'", option, text));
  return value;
}

Settings ParseOptions(int argc, char** argv) {
  Settings s;
  s.options.style = Style::Mild();
  s.options.track_in_flight = true;
  s.options.wait_grace_ms = 250;
  const std::map<std::string, std::function<void()>> flags = {
      {"--tls", [&] { s.tls = true; }},
      {"--plain", [&] { s.options.style = Style::Plain(); }},
      {"--nasty",
       [&] {
         s.options.style = Style::Nasty();
         s.gzip = true;
       }},
      {"--gzip", [&] { s.gzip = true; }},
      {"--exact-types", [&] { s.exact_types = true; }},
      {"--demo", [&] { s.demo = true; }},
      {"--team", [&] { s.options.tokens.team_token = true; }},
      {"--no-request-log", [&] { s.keep_requests = false; }},
  };
  using Text = const std::string&;
  const std::map<std::string, std::function<void(Text)>> values = {
      {"--port", [&](Text v) { s.port = static_cast<std::uint16_t>(Number("--port", v)); }},
      {"--port-file", [&](Text v) { s.port_file = v; }},
      {"--cert", [&](Text v) { s.cert = v; }},
      {"--key", [&](Text v) { s.key = v; }},
      {"--seed", [&](Text v) { s.options.seed = Number("--seed", v); }},
      {"--tree", [&](Text v) { s.tree_files = Number("--tree", v); }},
      {"--expires-in",
       [&](Text v) {
         s.options.tokens.expires_in_s = static_cast<std::int64_t>(Number("--expires-in", v));
       }},
      {"--rate-limit",
       [&](Text v) {
         s.options.rate_limit.calls_per_s = static_cast<double>(Number("--rate-limit", v));
       }},
      {"--burst",
       [&](Text v) { s.options.rate_limit.burst = static_cast<double>(Number("--burst", v)); }},
      {"--clock-factor",
       [&](Text v) {
         const std::uint64_t factor = Number("--clock-factor", v);
         if (factor == 0) Fail("--clock-factor is 1 at the least");
         s.options.rate_limit.clock_factor = static_cast<double>(factor);
       }},
      {"--longpoll-wait",
       [&](Text v) {
         s.options.longpoll_wait_ms = static_cast<std::int64_t>(Number("--longpoll-wait", v));
       }},
      {"--longpoll-jitter",
       [&](Text v) {
         s.options.longpoll_jitter_ms = static_cast<std::int64_t>(Number("--longpoll-jitter", v));
       }},
      {"--app-key", [&](Text v) { s.options.tokens.app_key = v; }},
      {"--app-secret", [&](Text v) { s.options.tokens.app_secret = v; }},
      {"--refresh-token", [&](Text v) { s.options.tokens.refresh_token = v; }},
      {"--log-file", [&](Text v) { s.log_file = v; }},
  };
  for (int i = 1; i < argc; ++i) {
    const std::string option = argv[i];
    if (option == "--help") {
      std::fputs(kUsage, stdout);
      std::exit(0);
    }
    if (const auto flag = flags.find(option); flag != flags.end()) {
      flag->second();
      continue;
    }
    const auto value = values.find(option);
    if (value == values.end()) Fail(fmt::format("unknown option {}; see --help", option));
    if (++i == argc) Fail(fmt::format("{} wants a value", option));
    value->second(argv[i]);
  }
  s.options.style.gzip = s.gzip;
  if (s.exact_types) s.options.style.json_charset = false;
  if (s.tls && (s.cert.empty() || s.key.empty())) Fail("--tls needs --cert and --key");
  if (!s.tls) s.cert.clear();
  return s;
}

std::int64_t WallClockMs() {
  using std::chrono::duration_cast;
  return duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

HttpServer* running_server = nullptr;  // for the signal handler

void OnSignal(int) { running_server->Stop(); }

class Program {
 public:
  explicit Program(const Settings& settings)
      : simulator_(settings.options, WallClockMs),
        server_([this](const Request& request) { return Handle(request); },
                [this](std::uint64_t ticket) { Done(ticket); },
                [this](const Request& request, std::uint64_t ticket) {
                  const std::lock_guard lock(mutex_);
                  return simulator_.Wake(request, ticket);
                }) {
    simulator_.books().set_keep_requests(settings.keep_requests);
    if (!settings.log_file.empty()) log_.open(settings.log_file, std::ios::app);
    if (settings.options.tokens.team_token) simulator_.tree().people().MakeTeam("Example Ltd");
    if (settings.demo) AddDemo(&simulator_.tree());
    if (settings.tree_files > 0)
      simulator_.tree().AddSyntheticTree(settings.tree_files, settings.options.seed);
  }

  int Run(const Settings& settings) {
    const std::string error = server_.Listen(settings.port, settings.cert, settings.key);
    if (!error.empty()) Fail(error);
    running_server = &server_;
    std::signal(SIGTERM, OnSignal);
    std::signal(SIGINT, OnSignal);
    std::signal(SIGPIPE, SIG_IGN);
    if (!settings.port_file.empty()) WritePortFile(settings.port_file);
    fmt::print("listening on {}://127.0.0.1:{}\n", server_.tls() ? "https" : "http",
               server_.port());
    std::fflush(stdout);
    server_.Run();
    return 0;
  }

 private:
  // Renamed into place, so that a reader never sees half a number.
  void WritePortFile(const std::string& path) const {
    const std::string temporary = path + ".tmp";
    std::ofstream(temporary) << server_.port() << '\n';
    if (std::rename(temporary.c_str(), path.c_str()) != 0)
      Fail(fmt::format("cannot write {}", path));
  }

  Response Handle(const Request& request) {
    const std::lock_guard lock(mutex_);
    if (request.target == "/control/shutdown") {
      server_.Stop();
      Response response;
      response.body = std::make_shared<const std::string>("{}\n");
      return response;
    }
    if (IsControl(request)) {
      Response response = HandleControl(&simulator_, request);
      server_.Nudge();
      return response;
    }
    Response response = simulator_.Handle(request);
    if (log_.is_open()) {
      const std::string path = request.target.substr(0, request.target.find('?'));
      log_ << fmt::format("{} {} {} {} bytes\n", request.method, path, response.status,
                          response.body->size())
           << std::flush;
    }
    return response;
  }

  void Done(std::uint64_t ticket) {
    const std::lock_guard lock(mutex_);
    simulator_.Finish(ticket);
  }

  std::mutex mutex_;
  Simulator simulator_;
  std::ofstream log_;
  HttpServer server_;
};

}  // namespace
}  // namespace dbxes::sim

int main(int argc, char** argv) {
  const dbxes::sim::Settings settings = dbxes::sim::ParseOptions(argc, argv);
  return dbxes::sim::Program(settings).Run(settings);
}
