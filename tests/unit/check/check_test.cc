// SPDX-License-Identifier: Apache-2.0
// One thing is spoilt at a time, and check has to find it, say so in the right line with a way out,
// and change nothing.
#include "check/check.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <csignal>

#include "base/os/file_advice.h"
#include "check/check_world.h"
#include "checkpoint/failures_file.h"
#include "checkpoint/run_history.h"
#include "dropbox/kept_token.h"
#include "state/state_document.h"

namespace dbxes::check {
namespace {

using Status = CheckLine::Status;

struct Seed {
  const char* what;
  std::function<void(CheckWorld&)> spoil;
  Status status;
  const char* name;   // of the line
  const char* words;  // in its message
  ExitCode code = ExitCode::kOk;
};

constexpr auto kProblem = Status::kProblem;
constexpr auto kWarning = Status::kWarning;
constexpr auto kConfiguration = ExitCode::kConfiguration;
constexpr auto kAuthorization = ExitCode::kAuthorization;
constexpr auto kUnavailable = ExitCode::kUnavailable;

std::string Listed(const CheckReport& report) {
  std::string text;
  for (const CheckLine& line : report.lines()) {
    text += fmt::format("{} {}: {}\n    -> {}\n", ToString(line.status), line.name, line.message,
                        line.advice);
  }
  return text;
}

void CheckSeeds(const std::vector<Seed>& seeds) {
  for (const Seed& seed : seeds) {
    CheckWorld world;
    seed.spoil(world);
    const std::uint64_t changes = world.files.changes();
    const CheckReport report = world.Run();
    INFO(std::string(seed.what), "\n", Listed(report));
    bool found = false;
    for (const CheckLine& line : report.lines()) {
      // A mistake in the configuration names its fix in the message itself.
      if (line.name != "configuration") {
        CHECK((line.status == Status::kOk) == line.advice.empty());
      }
      found |= line.status == seed.status && line.name == seed.name &&
               line.message.find(seed.words) != std::string::npos;
    }
    CHECK(found);
    CHECK(report.code() == seed.code);
    CHECK(world.files.changes() == changes);
    CHECK(world.writes.empty());
  }
}

void Set(CheckWorld& world, const std::string& section, const std::string& key,
         const std::string& value) {
  world.settings[section][key] = value;
}

void LackScope(CheckWorld& world, std::string_view lacked) {
  for (const std::string_view scope :
       {"account_info.read", "files.metadata.read", "files.content.read", "sharing.read"}) {
    if (scope == lacked) continue;
    world.options.tokens.scopes += (world.options.tokens.scopes.empty() ? "" : " ");
    world.options.tokens.scopes += scope;
  }
}

FakeAnswer Refused() { return FakeAnswer::Broken(FakeAnswer::Transport::kRefused); }

const CheckLine* FindLine(const CheckReport& report, std::string_view name) {
  for (const CheckLine& line : report.lines()) {
    if (line.name == name) return &line;
  }
  return nullptr;
}

void Record(CheckWorld& world, ExitCode code, const std::string& message = "",
            const std::string& command = "incremental") {
  report::RunSummary summary;
  summary.command = command;
  summary.exit_code = code;
  summary.message = message;
  checkpoint::RunHistory history(world.files, world.StateFile(""));
  CHECK(history.Add(checkpoint::RecordOf(summary, world.clock.WallMicros())));
}

}  // namespace

TEST_CASE("where everything is right, every line is ok") {
  for (const bool secure : {false, true}) {
    for (const bool saved : {false, true}) {
      CheckWorld world;
      if (secure) Set(world, "dropbox", "use_document_level_security", "true");
      if (saved) {
        world.elastic.CreateIndex("docs");
        world.elastic.CreateIndex(".search-acl-filter-docs");
        world.Save(world.GoodCheckpoint());
      }
      const CheckReport report = world.Run();
      INFO(Listed(report));
      for (const CheckLine& line : report.lines()) CHECK(line.status == Status::kOk);
      CHECK(report.code() == ExitCode::kOk);
      for (const char* name :
           {"configuration", "permissions", "token", "team", "path", "clock", "cluster", "index",
            "privilege read", "privilege delete", "pdftotext", "state folder", "lock", "state",
            "failures", "scope files.metadata.read", "scope sharing.read"}) {
        CAPTURE(name);
        CHECK(FindLine(report, name) != nullptr);
      }
      CHECK((FindLine(report, "licence") != nullptr) == secure);
      CHECK((FindLine(report, "access lists") != nullptr) == (secure && saved));
      CHECK((FindLine(report, "identities") != nullptr) == (secure && saved));
      CHECK(world.files.changes() == 0);
      CHECK(world.writes.empty());
    }
  }
}

TEST_CASE("where the program for PDFs is installed, pdftotext is not asked for") {
  CheckWorld world;
  world.pdf_reader = "/usr/libexec/dbx-es/dbx-es-pdf";
  world.pdftotext.clear();
  const CheckReport report = world.Run();
  const CheckLine* line = FindLine(report, "pdf reader");
  REQUIRE(line != nullptr);
  CHECK(line->status == Status::kOk);
  CHECK(line->message == world.pdf_reader);
  CHECK(FindLine(report, "pdftotext") == nullptr);
}

TEST_CASE("a state in the cluster is read there, and no folder is needed") {
  for (const bool saved : {false, true}) {
    CheckWorld world;
    world.settings["sync"] = {{"state", "\"cluster\""}};
    world.environment.clear();
    world.writing_problem = {ErrorKind::kConfig, "the file system is read-only"};
    if (saved) {
      state::StateDocument document;
      document.parts[".json"].tail = checkpoint::SerializeCheckpoint(world.GoodCheckpoint());
      world.elastic.CreateIndex("docs");
      world.elastic.Put("dbx-es-docs", "state", state::Serialize(document, "docs"));
    }
    const CheckReport report = world.Run();
    INFO(Listed(report));
    for (const CheckLine& line : report.lines()) CHECK(line.status == Status::kOk);
    CHECK(FindLine(report, "state folder") == nullptr);
    REQUIRE(FindLine(report, "state") != nullptr);
    CHECK((FindLine(report, "state")->message.find("last full sync") == 0) == saved);
    CHECK(Listed(report).find("on dbx-es-docs") != std::string::npos);
    CHECK(world.writes.empty());
  }
}

TEST_CASE("the access token that a run keeps is looked at, and not used") {
  CheckWorld world;
  FileProbe probe;
  const auto load = [&world] { return world.Load().config; };
  const auto keep = [&](Milliseconds lifetime) {
    const config::Config config = load();
    dropbox::KeptToken kept(world.files, probe, world.clock, config.dropbox,
                            [](const std::string&, bool) {});
    kept.Keep({config::Secret("sl.kept"), config::Secret(), "", lifetime});
  };
  const auto line = [&world] {
    const CheckReport report = world.Run();
    CHECK(report.code() == ExitCode::kOk);
    const CheckLine* found = FindLine(report, "access token");
    return found != nullptr
               ? fmt::format("{}: {}; {}", ToString(found->status), found->message, found->advice)
               : "";
  };
  CHECK(line() == "");
  keep(Milliseconds(14'400'000));
  const std::uint64_t changes = world.files.changes();
  const std::string path = load().dropbox.access_token_file;
  CHECK(line() == "ok: kept for runs in the next 3 h; ");
  world.clock.Advance(Milliseconds(14'400'000));
  CHECK(line() == "ok: the one of the last run has ended; ");

  world.exposed = path + " is open to other users (mode 0644); run: chmod 600 " + path;
  CHECK(line() ==
        "warning: " + path + " is open to other users (mode 0644); run: chmod 600 " + path);
  world.exposed = "";
  const std::string good = world.files.files()[path];
  world.files.files()[path] = good.substr(0, good.size() / 2);
  CHECK(line() == "warning: " + path + " is damaged; the next run replaces it");
  world.files.files()[path] = good;
  Set(world, "dropbox", "keep_access_token", "false");
  CHECK(line() ==
        "warning: " + path + " was left by a run with other settings; the next run removes it");
  CHECK(world.files.changes() == changes);
  CHECK(world.dropbox().Count("oauth2/token") == 6);
}

TEST_CASE("an index that was deleted is noticed by a state in the cluster as well") {
  CheckWorld world;
  world.settings["sync"] = {{"state", "\"cluster\""}};
  checkpoint::Checkpoint checkpoint = world.GoodCheckpoint();
  checkpoint.index.uuid = "uuid-of-before";
  state::StateDocument document;
  document.parts[".json"].tail = checkpoint::SerializeCheckpoint(checkpoint);
  world.elastic.Put("dbx-es-docs", "state", state::Serialize(document, "docs"));
  const CheckReport report = world.Run();
  INFO(Listed(report));
  REQUIRE(FindLine(report, "index") != nullptr);
  CHECK(FindLine(report, "index")->message == "docs is gone, although runs have synced it");
}

TEST_CASE("an index of identities that is not there is noticed, and more so if it was") {
  CheckWorld world;
  Set(world, "dropbox", "use_document_level_security", "true");
  world.elastic.CreateIndex("docs");
  const auto line = [&world] {
    const CheckReport report = world.Run();
    REQUIRE(FindLine(report, "identities") != nullptr);
    return *FindLine(report, "identities");
  };
  CHECK(line().status == Status::kWarning);
  CHECK(line().advice == "run dbx-es acl-sync, which creates it");
  Record(world, ExitCode::kOk, "", "acl-sync");
  CHECK(line().status == Status::kProblem);
  CHECK(line().code == ExitCode::kConfiguration);
  CHECK(line().message.starts_with(".search-acl-filter-docs is gone, although acl-sync has"));
  world.elastic.CreateIndex(".search-acl-filter-docs");
  CHECK(line().status == Status::kOk);
  world.elastic.SetSettings(".search-acl-filter-docs", R"("blocks":{"write":"true"})");
  CHECK(line().status == Status::kProblem);
  CHECK(line().advice == R"(PUT /.search-acl-filter-docs/_settings {"index.blocks.write":null})");
}

TEST_CASE("a state index that refuses writes is a problem") {
  for (const char* settings :
       {R"("blocks":{"write":"true"})", R"("blocks":{"read_only":"true"})"}) {
    CheckWorld world;
    world.settings["sync"] = {{"state", "\"cluster\""}};
    world.elastic.CreateIndex("dbx-es-docs");
    world.elastic.SetSettings("dbx-es-docs", settings);
    const CheckReport report = world.Run();
    const CheckLine* line = FindLine(report, "state index");
    REQUIRE(line != nullptr);
    CHECK(line->status == Status::kProblem);
    CHECK(line->code == ExitCode::kConfiguration);
    CHECK(line->message.starts_with("index dbx-es-docs refuses writes"));
    CHECK(line->advice.starts_with("PUT /dbx-es-docs/_settings"));
  }
}

TEST_CASE("an open state folder is no problem where the state is in the cluster") {
  CheckWorld world;
  world.settings["sync"] = {{"state", "\"cluster\""}};
  world.state_open = world.state_changeable = "/state is writable by everybody (mode 0777)";
  const CheckReport report = world.Run();
  INFO(Listed(report));
  CHECK(FindLine(report, "state folder") == nullptr);
  CHECK(report.code() == ExitCode::kOk);
}

TEST_CASE("a run that holds the state in the cluster is named with its host") {
  CheckWorld world;
  world.settings["sync"] = {{"state", "\"cluster\""}};
  state::StateDocument document;
  document.holder = {
      "abc", "server", 12, "2026-08-05T09:00:00Z", "2026-08-05T09:59:59Z", Milliseconds(60'000)};
  world.elastic.Put("dbx-es-docs", "state", state::Serialize(document, "docs"));
  const CheckReport report = world.Run();
  REQUIRE(FindLine(report, "lock") != nullptr);
  CHECK(FindLine(report, "lock")->message ==
        "a run is under way: pid 12 on host server, since 2026-08-05T09:00:00Z, last sign of life "
        "2026-08-05T09:59:59Z");
}

TEST_CASE("a state in the cluster that cannot be read is a problem") {
  CheckWorld world;
  world.settings["sync"] = {{"state", "\"cluster\""}};
  world.elastic.Put("dbx-es-docs", "state", R"({"format":9})");
  const CheckReport report = world.Run();
  REQUIRE(FindLine(report, "state") != nullptr);
  CHECK(FindLine(report, "state")->status == Status::kProblem);
  CHECK(FindLine(report, "state")->message.find("newer dbx-es") != std::string::npos);
}

TEST_CASE("what is wrong with the configuration is found") {
  CheckSeeds({
      {"a setting that does not exist",
       [](CheckWorld& world) { Set(world, "elasticsearch", "indx", "\"a\""); }, kProblem,
       "configuration", "did you mean \"index\"?", kConfiguration},
      {"a value of the wrong type",
       [](CheckWorld& world) { Set(world, "dropbox", "retry_count", "\"3\""); }, kProblem,
       "configuration", "dropbox.retry_count: expected an integer", kConfiguration},
      {"a required setting is missing",
       [](CheckWorld& world) { world.settings["dropbox"].erase("app_key"); }, kProblem,
       "configuration", "required settings missing: dropbox.app_key", kConfiguration},
      {"no TOML", [](CheckWorld& world) { world.broken_file = "[dropbox\n"; }, kProblem,
       "configuration", "dbx-es.toml:1", kConfiguration},
      {"two credentials",
       [](CheckWorld& world) { Set(world, "elasticsearch", "username", "\"u\""); }, kProblem,
       "configuration", "exclude each other", kConfiguration},
      {"a secret's file is not there",
       [](CheckWorld& world) {
         world.settings["elasticsearch"].erase("api_key");
         Set(world, "elasticsearch", "api_key_file", "\"/run/key\"");
       },
       kProblem, "configuration", "/run/key", kConfiguration},
      {"a secret's command fails",
       [](CheckWorld& world) {
         world.settings["elasticsearch"].erase("api_key");
         Set(world, "elasticsearch", "api_key_command", "[\"pass\", \"x\"]");
         world.printed = Fail(ErrorKind::kConfig, "'pass' ended with exit status 1");
       },
       kProblem, "configuration", "'pass' ended with exit status 1", kConfiguration},
      {"others can change the configuration",
       [](CheckWorld& world) {
         world.changeable = "/c.toml is writable by everybody (mode 0666); run: chmod go-w /c.toml";
       },
       kWarning, "permissions", "other users can change the configuration"},
      {"others can change the state",
       [](CheckWorld& world) {
         world.state_changeable = "/state is writable by everybody; run: chmod go-w /state";
       },
       kWarning, "state folder", "other users can change it: /state is writable by everybody"},
      {"any user can change the state",
       [](CheckWorld& world) {
         world.state_changeable = "/state is writable by everybody; run: chmod go-w /state";
         world.state_open = world.state_changeable;
       },
       kProblem, "state folder",
       "any user can change it, so that no run uses it: /state is writable by everybody",
       kConfiguration},
      {"any user can make files in the state folder",
       [](CheckWorld& world) {
         world.state_fillable = "everybody may make files in /state; name a folder of your own";
       },
       kProblem, "state folder",
       "any user can change it, so that no run uses it: everybody may make files in /state",
       kConfiguration},
      {"the system does not confine processes",
       [](CheckWorld& world) {
         Set(world, "extraction", "mode", "\"local\"");
         world.missing_confinement = "Landlock";
       },
       kWarning, "confinement", "this system lacks Landlock: PDFs are indexed without their text"},
      {"the system does not confine processes, and pictures are read",
       [](CheckWorld& world) {
         Set(world, "extraction", "mode", "\"local\"");
         Set(world, "extraction", "ocr", "true");
         world.missing_confinement = "Landlock";
       },
       kWarning, "confinement",
       "this system lacks Landlock: PDFs and pictures are indexed without their text"},
      {"a setting reads PDFs without confinement",
       [](CheckWorld& world) {
         Set(world, "extraction", "mode", "\"local\"");
         Set(world, "extraction", "unconfined_pdf", "true");
         world.missing_confinement = "Landlock and seccomp";
       },
       kWarning, "confinement", "a hostile PDF can read the files of this user, secrets too"},
      {"others can read the secrets", [](CheckWorld& world) { world.mode = 0644; }, kWarning,
       "permissions", "mode 0644"},
      {"a misspelled variable",
       [](CheckWorld& world) { world.environment["DBX_ES_DROPBOX_PATHS"] = "/x"; }, kWarning,
       "configuration", "did you mean DBX_ES_DROPBOX_PATH?"},
      {"the certificate is not checked",
       [](CheckWorld& world) { Set(world, "elasticsearch", "verify_certs", "false"); }, kWarning,
       "transport", "verify_certs = false"},
      {"credentials in the clear",
       [](CheckWorld& world) { Set(world, "elasticsearch", "host", "\"http://elastic.test\""); },
       kProblem, "configuration", "over plain HTTP", kConfiguration},
      {"credentials in the clear, which is allowed",
       [](CheckWorld& world) {
         Set(world, "elasticsearch", "host", "\"http://elastic.test\"");
         Set(world, "elasticsearch", "insecure_transport", "true");
       },
       kWarning, "transport", "unencrypted", kUnavailable},
  });
}

TEST_CASE("what is wrong with Dropbox is found") {
  CheckSeeds({
      {"the token is revoked",
       [](CheckWorld& world) { Set(world, "dropbox", "refresh_token", "\"other\""); }, kProblem,
       "token", "refuses dropbox.refresh_token", kAuthorization},
      {"the app's secret is wrong",
       [](CheckWorld& world) { Set(world, "dropbox", "app_secret", "\"other\""); }, kProblem,
       "token", "app_secret", kAuthorization},
      {"the token lacks a scope", [](CheckWorld& world) { LackScope(world, "files.content.read"); },
       kProblem, "scope files.content.read", "to index what is in files", kAuthorization},
      {"the token lacks another scope", [](CheckWorld& world) { LackScope(world, "sharing.read"); },
       kProblem, "scope sharing.read", "the token lacks it", kAuthorization},
      {"the token does not even name its account",
       [](CheckWorld& world) { LackScope(world, "account_info.read"); }, kProblem,
       "scope account_info.read", "the token lacks it", kAuthorization},
      {"the folder is not there",
       [](CheckWorld& world) { Set(world, "dropbox", "path", "\"/Nowhere\""); }, kProblem, "path",
       "/Nowhere does not exist", kConfiguration},
      {"the folder is a file",
       [](CheckWorld& world) {
         world.dropbox().tree().AddFile("/file.txt", "abc");
         Set(world, "dropbox", "path", "\"/file.txt\"");
       },
       kProblem, "path", "/file.txt is a file", kConfiguration},
      {"Dropbox cannot be reached",
       [](CheckWorld& world) {
         world.instead_of_dropbox = [](const FakeRequest&) { return Refused(); };
       },
       kProblem, "token", "connection refused", kUnavailable},
      {"the clock is wrong",
       [](CheckWorld& world) { world.clock.JumpWall(std::int64_t{600} * 1'000'000); }, kWarning,
       "clock", "10 min ahead of Dropbox's"},
      {"the clock is wrong the other way",
       [](CheckWorld& world) { world.clock.JumpWall(std::int64_t{-10'000} * 1'000'000); }, kWarning,
       "clock", "2 h behind Dropbox's"},
  });
}

TEST_CASE("what is wrong with the cluster is found") {
  const auto instead = [](int status, const char* body) {
    return [=](CheckWorld& world) {
      world.instead_of_elastic = [=](const FakeRequest&) { return FakeAnswer::Json(status, body); };
    };
  };
  CheckSeeds({
      {"the cluster cannot be reached",
       [](CheckWorld& world) {
         world.instead_of_elastic = [](const FakeRequest&) { return Refused(); };
       },
       kProblem, "cluster", "connection refused", kUnavailable},
      {"its certificate is not trusted",
       [](CheckWorld& world) {
         world.instead_of_elastic = [](const FakeRequest&) {
           return FakeAnswer::Broken(FakeAnswer::Transport::kUntrusted);
         };
       },
       kProblem, "cluster", "certificate is not trusted", kConfiguration},
      {"the key is wrong",
       instead(401, R"({"error":{"type":"security_exception","reason":"missing"}})"), kProblem,
       "cluster", "refuses the credential", kAuthorization},
      {"it is something else", instead(200, "<html></html>"), kProblem, "cluster",
       "does not answer like Elasticsearch", kConfiguration},
      {"it is old",
       [](CheckWorld& world) {
         world.root = R"({"cluster_name":"c","version":{"number":"7.17.1"}})";
       },
       kWarning, "cluster", "Elasticsearch 7.17.1 is older"},
      {"it is an old OpenSearch",
       [](CheckWorld& world) {
         world.root =
             R"({"cluster_name":"c","version":{"number":"1.3.0","distribution":"opensearch"}})";
       },
       kWarning, "cluster", "OpenSearch 1.3.0 is older"},
      {"its licence lacks document level security",
       [](CheckWorld& world) {
         Set(world, "dropbox", "use_document_level_security", "true");
         world.license = "basic";
       },
       kWarning, "licence", "basic licence"},
      {"documents have lost their access lists",
       [](CheckWorld& world) {
         Set(world, "dropbox", "use_document_level_security", "true");
         world.elastic.CreateIndex("docs");
         world.elastic.Put("docs", "id:a",
                           R"({"id":"id:a","_allow_access_control":["user_id:a"]})");
         world.elastic.Put("docs", "id:b", R"({"id":"id:b","permissions_fingerprint":"1"})");
         world.elastic.Put("docs", "id:c", R"({"id":"id:c","_allow_access_control":null})");
       },
       kProblem, "access lists", "2 documents have none", ExitCode::kDocumentsFailed},
      {"an access list was changed by somebody else",
       [](CheckWorld& world) {
         Set(world, "dropbox", "use_document_level_security", "true");
         world.elastic.CreateIndex("docs");
         world.elastic.Put("docs", "id:a",
                           R"({"id":"id:a","_allow_access_control":["user_id:a"],)"
                           R"("permissions_fingerprint":"00000000000000ff","sync_version":5})");
       },
       kProblem, "access lists",
       "of the 1 document that was written last, 1 has a list that somebody else has changed, "
       "for example id:a",
       ExitCode::kDocumentsFailed},
      {"the mapping is unusable",
       [](CheckWorld& world) {
         world.elastic.CreateIndex("docs", R"({"properties":{"path_lower":{"type":"text"}}})");
       },
       kProblem, "mapping", "path_lower", kConfiguration},
      {"the index keeps no source",
       [](CheckWorld& world) {
         world.elastic.CreateIndex("docs", R"({"_source":{"enabled":false}})");
       },
       kProblem, "mapping", "_source", kConfiguration},
      {"the index is closed",
       [](CheckWorld& world) {
         world.elastic.CreateIndex("docs");
         world.elastic.Close("docs");
       },
       kProblem, "index", "index docs is closed", kConfiguration},
      {"a limit of the index is too low",
       [](CheckWorld& world) {
         world.elastic.CreateIndex("docs");
         world.elastic.SetSettings("docs", R"("max_docvalue_fields_search":"2")");
       },
       kProblem, "index", "index.max_docvalue_fields_search", kConfiguration},
      {"a field is too narrow",
       [](CheckWorld& world) {
         world.elastic.CreateIndex("docs", R"({"properties":{"size":{"type":"byte"}}})");
       },
       kProblem, "mapping", "\"size\" as byte", kConfiguration},
      {"some dates will be rejected",
       [](CheckWorld& world) {
         world.elastic.CreateIndex("docs",
                                   R"({"properties":{"_timestamp":{"type":"date_nanos"}}})");
       },
       kWarning, "mapping", "date_nanos"},
      {"the name is an alias of several indices",
       [](CheckWorld& world) {
         for (const char* index : {"a", "b"}) {
           world.elastic.CreateIndex(index);
           world.elastic.AddAlias("docs", index);
         }
       },
       kProblem, "index", "several indices", kConfiguration},
      {"the index takes no writes",
       [](CheckWorld& world) {
         world.blocks = R"({"docs":{"settings":{"index.blocks.read_only_allow_delete":"true"}}})";
       },
       kProblem, "index", "refuses writes", kUnavailable},
      {"the key may not write", [](CheckWorld& world) { world.denied = {"index"}; }, kProblem,
       "privilege index", "lacks it on docs", kAuthorization},
      {"the key may not delete", [](CheckWorld& world) { world.denied = {"delete"}; }, kProblem,
       "privilege delete", "to delete documents", kAuthorization},
      {"the key may not refresh", [](CheckWorld& world) { world.denied = {"maintenance"}; },
       kProblem, "privilege maintenance", "to refresh", kAuthorization},
      {"the user of a certificate may not delete",
       [](CheckWorld& world) {
         world.settings["elasticsearch"].erase("api_key");
         Set(world, "elasticsearch", "client_cert", "\"/dbx-es.pem\"");
         world.files.files()["/dbx-es.pem"] =
             "-----BEGIN CERTIFICATE-----\n-----BEGIN PRIVATE KEY-----\n";
         world.denied = {"delete"};
       },
       kProblem, "privilege delete", "to delete documents", kAuthorization},
      {"the key may not create the index",
       [](CheckWorld& world) { world.denied = {"create_index"}; }, kProblem,
       "privilege create_index", "to create the index", kAuthorization},
      {"the key may not add fields to an index that lacks some",
       [](CheckWorld& world) {
         world.elastic.CreateIndex("docs");
         world.denied = {"manage"};
       },
       kProblem, "privilege manage", "to write fields", kAuthorization},
      {"another state keeps the index",
       [](CheckWorld& world) {
         world.elastic.CreateIndex("docs", R"({"_meta":{"dbx_es":{"state":"other",)"
                                           R"("host":"laptop","since":"2026-01-02T03:04:05Z"}}})");
       },
       kProblem, "keeper", "on host laptop since 2026-01-02T03:04:05Z", ExitCode::kLocked},
      {"the key may not write identities",
       [](CheckWorld& world) {
         Set(world, "dropbox", "use_document_level_security", "true");
         world.denied = {"create_index"};
       },
       kProblem, "privilege create_index", "on .search-acl-filter-docs", kAuthorization},
      {"the pipeline is not there",
       [](CheckWorld& world) { Set(world, "elasticsearch", "pipeline", "\"mine\""); }, kProblem,
       "pipeline", "there is no ingest pipeline \"mine\"", kConfiguration},
      {"the pipeline drops documents",
       [](CheckWorld& world) {
         Set(world, "elasticsearch", "pipeline", "\"mine\"");
         world.elastic.AddPipeline("mine", R"({"processors":[{"drop":{"if":"ctx.size > 9"}}]})");
       },
       kWarning, "pipeline", "\"mine\" drops documents"},
      {"a pipeline of the index runs one that sends documents elsewhere",
       [](CheckWorld& world) {
         world.elastic.CreateIndex("docs");
         world.elastic.SetSettings("docs", R"("final_pipeline":"last")");
         world.elastic.AddPipeline("last", R"({"processors":[{"pipeline":{"name":"inner"}}]})");
         world.elastic.AddPipeline("inner", R"({"processors":[{"reroute":{}}]})");
       },
       kWarning, "pipeline", "\"inner\" sends documents to another index"},
      {"a pipeline of the index is not there",
       [](CheckWorld& world) {
         world.elastic.CreateIndex("docs");
         world.elastic.SetSettings("docs", R"("default_pipeline":"gone")");
       },
       kProblem, "pipeline", "there is no ingest pipeline \"gone\"", kConfiguration},
      {"the pipeline reads no files",
       [](CheckWorld& world) {
         Set(world, "extraction", "mode", "\"pipeline\"");
         world.elastic.AddPipeline("search-default-ingestion");
       },
       kWarning, "pipeline", "no attachment processor"},
      {"the mode pipeline without one",
       [](CheckWorld& world) {
         Set(world, "extraction", "mode", "\"pipeline\"");
         Set(world, "elasticsearch", "pipeline", "\"\"");
       },
       kWarning, "pipeline", "elasticsearch.pipeline is empty"},
  });
}

TEST_CASE("advice about a certificate follows its problem, and is given once") {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {kCertificateTag, "elasticsearch.ca_certs"},
      {kCertificateDateTag, "renew the certificate"},
      {kCertificateNameTag, "set elasticsearch.host to a name"},
      {kFingerprintTag, "compare elasticsearch.ca_fingerprint"}};
  for (const auto& one : cases) {
    CAPTURE(one.first);
    CheckWorld world;
    world.instead_of_elastic = [&one](const FakeRequest&) {
      FakeAnswer answer = FakeAnswer::Broken(FakeAnswer::Transport::kUntrusted);
      answer.certificate_tag = one.first;
      return answer;
    };
    const CheckReport report = world.Run();
    const CheckLine* line = FindLine(report, "cluster");
    REQUIRE(line != nullptr);
    CHECK(line->message.ends_with("certificate is not trusted"));
    CHECK(line->advice.find(one.second) != std::string::npos);
  }
}

TEST_CASE("what is wrong with the extraction of text is found") {
  const auto serve = [](CheckWorld& world) {
    Set(world, "extraction", "mode", "\"service\"");
    Set(world, "extraction_service", "host", fmt::format("\"{}\"", CheckWorld::kService));
  };
  CheckSeeds({
      {"pictures are to be read, and their reader is missing",
       [](CheckWorld& world) { Set(world, "extraction", "ocr", "true"); }, kWarning, "ocr",
       "tesseract is not installed: pictures and scanned pages are not read"},
      {"no reader of PDFs is installed", [](CheckWorld& world) { world.pdftotext.clear(); },
       kWarning, "pdf reader", "none is installed"},
      {"the service cannot be reached",
       [=](CheckWorld& world) {
         serve(world);
         world.service = [](const FakeRequest&) { return Refused(); };
       },
       kProblem, "extraction service", "connection refused", kUnavailable},
      {"it is no such service",
       [=](CheckWorld& world) {
         serve(world);
         world.service = [](const FakeRequest&) { return FakeAnswer::Json(404, "no"); };
       },
       kProblem, "extraction service", "neither a Tika server nor", kConfiguration},
      {"it is the other one",
       [=](CheckWorld& world) {
         serve(world);
         Set(world, "extraction_service", "protocol", "\"elastic\"");
       },
       kProblem, "extraction service", "it is a Tika server, but", kConfiguration},
      {"it cannot take files in a folder",
       [=](CheckWorld& world) {
         serve(world);
         Set(world, "extraction_service", "use_file_pointers", "true");
       },
       kProblem, "extraction service", "does not read files from a folder", kConfiguration},
      {"the shared folder cannot be written",
       [=](CheckWorld& world) {
         serve(world);
         Set(world, "extraction_service", "use_file_pointers", "true");
         world.writing_problem = {ErrorKind::kConfig, "no file can be made in /app"};
         world.service = [](const FakeRequest& request) {
           return FakeAnswer::Json(request.target == "/ping/" ? 200 : 404, "{}");
         };
       },
       kProblem, "shared folder", "/app", kConfiguration},
  });
}

TEST_CASE("what is wrong with this machine is found") {
  const auto spoil = [](const std::string& ending, const std::string& content) {
    return [=](CheckWorld& world) { world.files.files()[world.StateFile(ending)] = content; };
  };
  CheckSeeds({
      {"a rule is wrong",
       [](CheckWorld& world) {
         Set(world, "sync", "rules", "\"/rules.json\"");
         world.files.files()["/rules.json"] = R"([{"id":"1"}])";
       },
       kProblem, "rules", "/rules.json", kConfiguration},
      {"the rules file is not there",
       [](CheckWorld& world) { Set(world, "sync", "rules", "\"/rules.json\""); }, kProblem, "rules",
       "cannot open /rules.json", kConfiguration},
      {"the state folder cannot be written",
       [](CheckWorld& world) {
         world.writing_problem = {ErrorKind::kConfig, "no file can be made in /state"};
       },
       kProblem, "state folder", "/state", kConfiguration},
      {"a run is under way", [](CheckWorld& world) { world.holder = "pid 7, since noon"; },
       kWarning, "lock", "pid 7, since noon"},
      {"the checkpoint is damaged", spoil(".json", "{}"), kProblem, "state", "is damaged",
       kConfiguration},
      {"a side file of an unfinished full sync is cut",
       [](CheckWorld& world) {
         checkpoint::Checkpoint checkpoint = world.GoodCheckpoint();
         checkpoint.full_sync.emplace();
         checkpoint.full_sync->seen = {32, 12345};
         world.Save(checkpoint);
         world.files.files()[world.StateFile(".seen")] = "0123456789abcdef";
       },
       kProblem, "state", "is damaged (its end is missing)", kConfiguration},
      {"pending deletions are not those that were saved",
       [](CheckWorld& world) {
         checkpoint::Checkpoint checkpoint = world.GoodCheckpoint();
         checkpoint.pending = {3, 12345};
         world.Save(checkpoint);
         world.files.files()[world.StateFile(".pending")] = "{}\n";
       },
       kProblem, "state", "is damaged (its content has changed)", kConfiguration},
      {"the checkpoint is of a newer version",
       spoil(".json", R"({"format":"dbx-es checkpoint","version":99})"), kProblem, "state",
       "newer dbx-es", kConfiguration},
      {"the record of runs is damaged", spoil(".runs.json", "x"), kProblem, "state",
       "record of past runs", kConfiguration},
      {"the failures file is damaged", spoil(".failures.ndjson", "{}\n"), kProblem, "state",
       "failures file", kConfiguration},
      {"settings have changed",
       [](CheckWorld& world) {
         world.Save(world.GoodCheckpoint());
         Set(world, "extraction", "mode", "\"off\"");
       },
       kWarning, "state", "extraction.mode was \"local\" and is now \"off\""},
      {"a full sync is not finished",
       [](CheckWorld& world) {
         checkpoint::Checkpoint checkpoint = world.GoodCheckpoint();
         checkpoint.full_sync.emplace();
         checkpoint.full_sync->started_at = "2026-08-01T00:00:00Z";
         world.Save(checkpoint);
       },
       kWarning, "state", "not finished"},
      {"nobody has synced for days",
       [](CheckWorld& world) {
         world.Save(world.GoodCheckpoint());
         Record(world, ExitCode::kOk);
         world.clock.Advance(Milliseconds(std::int64_t{10} * 86'400'000));
       },
       kWarning, "cursor", "10 days ago"},
      {"changes were read in the future",
       [](CheckWorld& world) {
         world.Save(world.GoodCheckpoint());
         Record(world, ExitCode::kOk);
         world.clock.JumpWall(-3'600'000'000);
       },
       kWarning, "cursor", "which is in the future"},
      {"the state is of another account",
       [](CheckWorld& world) {
         checkpoint::Checkpoint checkpoint = world.GoodCheckpoint();
         checkpoint.account.account_id = "dbid:other";
         checkpoint.account.email = "other@example.com";
         world.Save(checkpoint);
       },
       kProblem, "state", "it belongs to other@example.com", kConfiguration},
      {"a safety stop stands",
       [](CheckWorld& world) {
         world.Save(world.GoodCheckpoint());
         Record(world, ExitCode::kSafetyStop, "the changes would delete 59 documents");
       },
       kWarning, "safety stop",
       "in effect since 2026-08-05T10:00:01Z: the changes would delete 59"},
      {"documents have failed",
       [](CheckWorld& world) {
         checkpoint::FailuresFile failures(world.files, world.clock,
                                           world.StateFile(".failures.ndjson"));
         failures.Add({"id:1", "/a", "index", 400, "mapper"});
         CHECK(failures.Sync());
       },
       kWarning, "failures", "1 document failed"},
  });
}

TEST_CASE("advice about the state folder follows the reason") {
  const auto advice = [](std::string_view tag) {
    CheckWorld world;
    world.writing_problem = {.kind = ErrorKind::kConfig, .message = "no", .tag = std::string(tag)};
    const CheckReport report = world.Run();
    REQUIRE(FindLine(report, "state folder") != nullptr);
    return FindLine(report, "state folder")->advice;
  };
  CHECK(advice(kNoRoomTag) == "make room there, or set sync.state_dir to another folder");
  CHECK(advice(kForbiddenTag) ==
        "make it writable for the user who runs dbx-es, or set sync.state_dir to another folder");
  CHECK(advice("") == "set sync.state_dir to another folder");
}

TEST_CASE("what is wrong with log, metrics and ping is found") {
  const auto setting = [](const char* key, const char* value) {
    return [=](CheckWorld& world) {
      Set(world, "report", key, value);
      world.saved = world.clock.WallMicros();  // everything is there
      world.file_problem = "cannot write it: Permission denied";
    };
  };
  CheckSeeds({
      {"the log cannot be written", setting("log_file", "\"/var/log/x/dbx-es.log\""), kProblem,
       "log", "/var/log/x/dbx-es.log: cannot write it: Permission denied", kConfiguration},
      {"the folder of the log is missing",
       [](CheckWorld& world) { Set(world, "report", "log_file", "\"/var/log/x/dbx-es.log\""); },
       kProblem, "log", "there is no folder /var/log/x", kConfiguration},
      {"the folder of the metrics is missing",
       [](CheckWorld& world) { Set(world, "report", "metrics_file", "\"/m/x.prom\""); }, kProblem,
       "metrics", "there is no folder /m", kConfiguration},
      {"metrics cannot be made",
       [](CheckWorld& world) {
         Set(world, "report", "metrics_file", "\"/m/x.prom\"");
         world.saved = world.clock.WallMicros();
         world.writing_problem = {ErrorKind::kConfig, "cannot create files in /m"};
       },
       kProblem, "metrics", "cannot create files in /m", kConfiguration},
      {"the ping cannot be reached",
       [](CheckWorld& world) {
         Set(world, "report", "ping_url", "\"https://hc.test/ping/swordfish\"");
         world.pings_fail = true;
       },
       kWarning, "ping", "hc.test cannot be reached"},
  });
  CheckWorld world;
  Set(world, "report", "ping_url", "\"https://hc.test/ping/swordfish?create=1\"");
  Set(world, "report", "log_file", "\"/l/dbx-es.log\"");
  Set(world, "report", "metrics_file", "\"/m/x.prom\"");
  world.saved = world.clock.WallMicros();
  const CheckReport report = world.Run();
  INFO(Listed(report));
  CHECK(report.code() == ExitCode::kOk);
  for (const char* name : {"log", "metrics", "ping"}) CHECK(FindLine(report, name) != nullptr);
  // It is not pinged: that would count as a run.
  CHECK(world.pinged == std::vector<std::string>{"/"});
  CHECK(Listed(report).find("swordfish") == std::string::npos);
}

TEST_CASE("an index that was deleted after runs have synced it is a warning") {
  CheckWorld world;
  checkpoint::Checkpoint checkpoint = world.GoodCheckpoint();
  checkpoint.index.uuid = "uuid-of-before";
  world.Save(checkpoint);
  const CheckReport report = world.Run();
  INFO(Listed(report));
  const CheckLine* line = FindLine(report, "index");
  REQUIRE(line != nullptr);
  CHECK(line->status == kWarning);
  CHECK(line->message == "docs is gone, although runs have synced it");
  CHECK(report.code() == ExitCode::kOk);
}

TEST_CASE("all problems are found in one run, and the worst decides the exit status") {
  CheckWorld world;
  Set(world, "dropbox", "refresh_token", "\"other\"");
  world.instead_of_elastic = [](const FakeRequest&) { return Refused(); };
  CHECK(world.Run().code() == kAuthorization);
  world.writing_problem = {ErrorKind::kConfig, "no file can be made in /state"};
  const CheckReport report = world.Run();
  CHECK(report.code() == kConfiguration);
  for (const char* name : {"token", "cluster", "state folder"}) {
    REQUIRE(FindLine(report, name) != nullptr);
    CHECK(FindLine(report, name)->status == Status::kProblem);
  }
}

TEST_CASE("what depends on something that is wrong is left out") {
  CheckWorld world;
  world.settings["dropbox"].erase("refresh_token");
  Set(world, "elasticsearch", "host", "\"nonsense\"");
  const CheckReport report = world.Run();
  for (const char* name : {"token", "path", "cluster", "index", "privilege read"}) {
    CAPTURE(name);
    CHECK(FindLine(report, name) == nullptr);
  }
  CHECK(FindLine(report, "state folder") != nullptr);
}

TEST_CASE("a token that is no good is not taken for a team's") {
  CheckWorld world;
  Set(world, "dropbox", "refresh_token", "\"other\"");
  const CheckReport report = world.Run();
  REQUIRE(FindLine(report, "token") != nullptr);
  CHECK(FindLine(report, "token")->message.starts_with("Dropbox refuses dropbox.refresh_token"));
}

TEST_CASE("a cluster that does not answer at its root is asked elsewhere") {
  CheckWorld world;
  world.instead_of_elastic = [&](const FakeRequest& request) -> std::optional<FakeAnswer> {
    if (request.target == "/") return FakeAnswer::Json(405, R"({"error":"Incorrect HTTP method"})");
    if (request.target.find("/_nodes/_local") != 0) return std::nullopt;
    return FakeAnswer::Json(200, R"({"cluster_name":"c","nodes":{"n":{"version":"9.5.3"}}})");
  };
  const CheckReport report = world.Run();
  REQUIRE(FindLine(report, "cluster") != nullptr);
  CHECK(FindLine(report, "cluster")->message == "c, version 9.5.3");
  CHECK(report.code() == ExitCode::kOk);
}

TEST_CASE("a key need not be allowed what is not needed now") {
  CheckWorld world;
  world.denied = {"manage"};
  CHECK(world.Run().code() == ExitCode::kOk);
  world.elastic.CreateIndex("docs");
  world.denied = {"create_index"};
  const CheckReport report = world.Run();
  CHECK(report.code() == ExitCode::kOk);
  REQUIRE(FindLine(report, "privilege create_index") != nullptr);
  CHECK(FindLine(report, "privilege create_index")->message.find("not needed now") !=
        std::string::npos);
}

// A connector that Kibana shows as connected, but for these members.
void AddConnector(CheckWorld& world, const std::string& members) {
  Set(world, "connector", "id", "\"c1\"");
  world.elastic.Put(".elastic-connectors", "c1",
                    fmt::format(R"({{"service_type":"dropbox","status":"connected",)"
                                R"("last_seen":null,{}}})",
                                members));
}

// A rule of this policy, and the state of the draft.
std::string Rules(const std::string& policy, const std::string& draft) {
  return fmt::format(
      R"("index_name":"docs","filtering":[{{"active":{{"rules":[{{"id":"r1","policy":"{}",)"
      R"("field":"name","rule":"equals","value":"x","order":0}}]}},)"
      R"("draft":{{"validation":{{"state":"{}","errors":[]}}}}}}])",
      policy, draft);
}

// Of a day ago.
void AddJob(CheckWorld& world, const std::string& members) {
  world.elastic.Put(".elastic-connectors-sync-jobs", "j1",
                    fmt::format(R"({{"connector":{{"id":"c1"}},)"
                                R"("created_at":"2026-08-04T09:00:00Z",{}}})",
                                members));
}

TEST_CASE("what is wrong with the connector is found") {
  CheckSeeds({
      {"there is none", [](CheckWorld& world) { Set(world, "connector", "id", "\"c1\""); },
       kProblem, "connector", "there is no connector c1", kConfiguration},
      {"another index", [](CheckWorld& world) { AddConnector(world, R"("index_name":"x")"); },
       kProblem, "connector", "it belongs to the index x", kConfiguration},
      {"the last sync failed",
       [](CheckWorld& world) {
         AddConnector(world, R"("index_name":"docs","last_sync_error":"it broke")");
       },
       kWarning, "connector", "Kibana shows c1 as Sync Failure: it broke"},
      {"schedules in Kibana",
       [](CheckWorld& world) {
         AddConnector(world, R"("index_name":"docs","scheduling":{"full":{"enabled":true,)"
                             R"("interval":"0 0 2 * * ?"}})");
       },
       kWarning, "connector schedules", "full: nothing starts"},
      {"a schedule in Kibana that is wrong",
       [](CheckWorld& world) {
         AddConnector(world, R"("index_name":"docs","scheduling":{"full":{"enabled":true,)"
                             R"("interval":"0 0 2 * *"}})");
       },
       kWarning, "connector schedules", "full: "},
      {"a schedule in Kibana that nobody looks at any more",
       [](CheckWorld& world) {
         AddConnector(world, R"("index_name":"docs","scheduling":{"full":{"enabled":true,)"
                             R"("interval":"0 0 2 * * ?"}},"dbx_es":{"schedules":{"full":{)"
                             R"("interval":"0 0 2 * * ?","since":"2026-08-01T00:00:00Z"}}})");
       },
       kWarning, "connector schedules", "full: nothing starts"},
      {"a schedule in Kibana that works",
       [](CheckWorld& world) {
         AddConnector(world, R"("index_name":"docs","scheduling":{"full":{"enabled":true,)"
                             R"("interval":"0 0 2 1 1 ?"}},"dbx_es":{"schedules":{"full":{)"
                             R"("interval":"0 0 2 1 1 ?","since":"2026-08-01T00:00:00Z"}}})");
       },
       Status::kOk, "connector schedules", "full: next at 2027-01-01T02:00:00.000Z"},
      {"no job is open", [](CheckWorld& world) { AddConnector(world, R"("index_name":"docs")"); },
       Status::kOk, "connector jobs", "none waits or runs"},
      {"a job that nothing runs",
       [](CheckWorld& world) {
         AddConnector(world, R"("index_name":"docs")");
         AddJob(world, R"("status":"pending","job_type":"full")");
       },
       kWarning, "connector jobs", "full: pending since 2026-08-04T09:00:00.000Z"},
      {"a job of a run that was killed",
       [](CheckWorld& world) {
         AddConnector(world, R"("index_name":"docs")");
         AddJob(world, R"("status":"in_progress","job_type":"full","worker_hostname":"m1",)"
                       R"("last_seen":"2026-08-04T09:30:00Z")");
       },
       kWarning, "connector jobs",
       "full: its run on m1 was last seen 2026-08-04T09:30:00Z and has ended"},
      {"rules of Kibana", [](CheckWorld& world) { AddConnector(world, Rules("exclude", "valid")); },
       Status::kOk, "connector rules", "1 basic"},
      {"rules of Kibana that are wrong",
       [](CheckWorld& world) { AddConnector(world, Rules("perhaps", "valid")); }, kWarning,
       "connector rules", "the sync rules of connector c1 in Kibana have 1 error"},
      {"rules of Kibana that are not used",
       [](CheckWorld& world) {
         AddConnector(world, Rules("exclude", "valid"));
         Set(world, "connector", "rules", "false");
       },
       kWarning, "connector rules", "Kibana has active rules"},
      {"a draft that waits",
       [](CheckWorld& world) { AddConnector(world, Rules("exclude", "edited")); }, kWarning,
       "connector rules", "a draft waits for its verdict"},
      {"a draft that is invalid",
       [](CheckWorld& world) { AddConnector(world, Rules("exclude", "invalid")); }, kWarning,
       "connector rules", "the draft is invalid"},
      {"a clock that is ahead",
       [](CheckWorld& world) {
         AddConnector(world, R"("index_name":"docs",)"
                             R"("last_sync_scheduled_at":"2036-01-01T00:00:00Z")");
       },
       kWarning, "connector clock", "last_sync_scheduled_at is 2036-01-01T00:00:00.000Z"},
      {"a privilege for the connector",
       [](CheckWorld& world) {
         AddConnector(world, R"("index_name":"docs")");
         world.denied = {"write on .elastic-connectors*"};
       },
       kProblem, "privilege write", "the credential lacks it on .elastic-connectors*",
       ExitCode::kAuthorization},
      {"all is well", [](CheckWorld& world) { AddConnector(world, R"("index_name":"docs")"); },
       Status::kOk, "connector", "Kibana shows c1 as Connected"},
  });
}

TEST_CASE("a cluster that does not report privileges is accepted") {
  CheckWorld world;
  world.instead_of_elastic = [&](const FakeRequest& request) -> std::optional<FakeAnswer> {
    if (request.target.find("_has_privileges") == std::string::npos) return std::nullopt;
    return FakeAnswer::Json(400, R"({"error":"no handler found"})");
  };
  const CheckReport report = world.Run();
  REQUIRE(FindLine(report, "privileges") != nullptr);
  CHECK(report.code() == ExitCode::kOk);
}

TEST_CASE("a signal ends it") {
  CheckWorld world;
  world.signal = SIGTERM;
  CHECK(world.Run().code() == ExitCode::kTerminated);
}

}  // namespace dbxes::check
