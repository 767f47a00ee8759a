// SPDX-License-Identifier: Apache-2.0
#include "config/config_validator.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "base/http/url.h"
#include "config/transport_validator.h"

namespace dbxes::config {
namespace {

std::string OriginOf(const LoadedConfig& loaded, std::string_view section, std::string_view key) {
  return loaded.origins[IndexOf(*FindOption(section, key))];
}

std::string Elastic(const LoadedConfig& loaded, std::string_view key) {
  return OriginOf(loaded, "elasticsearch", key);
}

// At most one way to log in.
std::string CheckCredentials(const LoadedConfig& loaded) {
  const std::string api_key = Elastic(loaded, "api_key");
  const std::string username = Elastic(loaded, "username");
  const std::string password = Elastic(loaded, "password");
  if (!api_key.empty() && (!username.empty() || !password.empty())) {
    const bool named = !username.empty();
    return fmt::format(
        "elasticsearch.api_key ({}) and elasticsearch.{} ({}) exclude each other; remove one",
        api_key, named ? "username" : "password", named ? username : password);
  }
  if (!username.empty() && password.empty()) {
    return fmt::format("elasticsearch.username ({}) is given without elasticsearch.password",
                       username);
  }
  if (username.empty() && !password.empty()) {
    return fmt::format("elasticsearch.password ({}) is given without elasticsearch.username",
                       password);
  }
  return "";
}

// None is allowed on loopback, where development clusters run without security.
std::string CheckHasCredential(const LoadedConfig& loaded) {
  for (const char* key : {"api_key", "username", "password"}) {
    if (!Elastic(loaded, key).empty()) return "";
  }
  // A PKI realm identifies the user by the certificate.
  if (!Elastic(loaded, "client_cert").empty()) return "";
  const auto host = ParseUrl(loaded.config.elasticsearch.host);
  if (!host || IsLoopback(*host)) return "";  // a missing or wrong host is reported already
  return fmt::format(
      "no credential for {}: set elasticsearch.api_key, or elasticsearch.username and "
      "elasticsearch.password",
      loaded.config.elasticsearch.host);
}

// An empty credential in a file was forgotten.
std::string CheckEmpty(const LoadedConfig& loaded, const OptionRow& row, bool empty) {
  const std::string origin = OriginOf(loaded, row.section, row.key);
  if (!empty || origin.empty() || loaded.refused[IndexOf(row)]) return "";
  return fmt::format("{}: {} is empty", origin, SettingName(row));
}

// A file is held several times: as downloaded, as text, and as a document.
std::string CheckMemory(const LoadedConfig& loaded) {
  const ExtractionConfig& extraction = loaded.config.extraction;
  if (extraction.MaxFileBytes() <= extraction.max_memory / 4) return "";
  const bool service = extraction.mode == ExtractionMode::kService;
  return fmt::format(
      "{}.max_file_download_size ({} bytes) is more than a quarter of extraction.max_memory ({} "
      "bytes); raise the memory or lower the size",
      service ? "extraction_service" : "extraction", extraction.MaxFileBytes(),
      extraction.max_memory);
}

std::string CheckService(const LoadedConfig& loaded) {
  const ExtractionConfig& extraction = loaded.config.extraction;
  if (extraction.mode != ExtractionMode::kService) return "";
  if (OriginOf(loaded, "extraction_service", "host").empty()) {
    return fmt::format("extraction.mode = \"service\" ({}) needs extraction_service.host",
                       OriginOf(loaded, "extraction", "mode"));
  }
  const bool tika = extraction.service.protocol == ServiceProtocol::kTika;
  if (!tika || !extraction.service.use_file_pointers) return "";
  return fmt::format(
      "extraction_service.use_file_pointers ({}) is for Elastic's service, not for "
      "extraction_service.protocol = \"tika\" ({})",
      OriginOf(loaded, "extraction_service", "use_file_pointers"),
      OriginOf(loaded, "extraction_service", "protocol"));
}

bool IsAsciiLetterOrDigit(char c) {
  const char lower = LowerAscii(c);
  return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9');
}

// The argument of a program: names such as deu, chi_sim or script/Latin, with + between.
std::string CheckOcrLanguages(const LoadedConfig& loaded) {
  const std::string& languages = loaded.config.extraction.ocr.languages;
  const bool named = !languages.empty() && languages.front() != '+' && languages.back() != '+' &&
                     languages.find("++") == std::string::npos;
  const bool clean = std::all_of(languages.begin(), languages.end(), [](char c) {
    return IsAsciiLetterOrDigit(c) || c == '_' || c == '/' || c == '+';
  });
  if (named && clean) return "";
  return fmt::format(
      "{}: extraction.ocr_languages must be names of languages of tesseract with + "
      "between them, such as \"deu+eng\"",
      OriginOf(loaded, "extraction", "ocr_languages"));
}

// It is the id of a document (Elasticsearch: Index API, path parameters).
std::string CheckConnector(const LoadedConfig& loaded) {
  constexpr std::size_t kLongest = 512;
  const std::string origin = OriginOf(loaded, "connector", "id");
  const std::string& id = loaded.config.connector.id;
  if (origin.empty()) return "";
  if (id.empty()) return fmt::format("{}: connector.id is empty", origin);
  if (id.size() > kLongest) {
    return fmt::format("{}: connector.id is longer than {} bytes", origin, kLongest);
  }
  if (id.find('/') == std::string::npos) return "";
  return fmt::format("{}: connector.id must not contain /", origin);
}

// Rules come from one place.
std::string CheckRules(const LoadedConfig& loaded) {
  const std::string origin = OriginOf(loaded, "connector", "rules");
  const std::string file = OriginOf(loaded, "sync", "rules");
  if (file.empty() || origin == "default" || !loaded.config.connector.rules) return "";
  return fmt::format("sync.rules ({}) and connector.rules ({}) exclude each other; remove one",
                     file, origin);
}

// Problems that were found; "" is none.
class Problems {
 public:
  void Add(std::string problem) {
    if (!problem.empty()) problems_.push_back(std::move(problem));
  }
  void AddAll(std::vector<std::string> problems) {
    for (std::string& problem : problems) Add(std::move(problem));
  }
  std::vector<std::string> Take() && { return std::move(problems_); }

 private:
  std::vector<std::string> problems_;
};

}  // namespace

std::vector<std::string> CheckLocal(const LoadedConfig& loaded, const LoadRequest& request,
                                    const ConfigSources& sources) {
  Problems problems;
  if (request.needs_elasticsearch) {
    const ElasticsearchConfig& elastic = loaded.config.elasticsearch;
    const auto check = [&](const char* key, bool empty) {
      problems.Add(CheckEmpty(loaded, *FindOption("elasticsearch", key), empty));
    };
    check("api_key", elastic.api_key.empty());
    check("username", elastic.username.empty());
    check("password", elastic.password.empty());
    problems.Add(CheckCredentials(loaded));
  }
  problems.AddAll(CheckTransports(loaded, request, sources));
  problems.Add(CheckOcrLanguages(loaded));
  problems.Add(CheckConnector(loaded));
  problems.Add(CheckRules(loaded));
  return std::move(problems).Take();
}

std::vector<std::string> CheckGiven(const LoadedConfig& loaded, const LoadRequest& request) {
  Problems problems;
  if (request.needs_elasticsearch) problems.Add(CheckHasCredential(loaded));
  const bool needs_folder = loaded.config.sync.state == StateKind::kFolder;
  if (needs_folder && loaded.config.state_dir.empty() &&
      OriginOf(loaded, "sync", "state_dir").empty()) {
    problems.Add(
        "no folder for the state: set sync.state_dir, DBX_ES_SYNC_STATE_DIR or HOME, or keep it in "
        "the cluster with sync.state = \"cluster\"");
  }
  return std::move(problems).Take();
}

std::vector<std::string> CheckForm(const LoadedConfig& loaded, const LoadRequest& request,
                                   const ConfigSources& sources) {
  Problems problems;
  const DropboxConfig& dropbox = loaded.config.dropbox;
  problems.Add(CheckEmpty(loaded, *FindOption("dropbox", "app_key"), dropbox.app_key.empty()));
  if (request.needs_refresh_token) {
    problems.Add(
        CheckEmpty(loaded, *FindOption("dropbox", "refresh_token"), dropbox.refresh_token.empty()));
  }
  problems.AddAll(CheckServiceTransport(loaded, sources));
  problems.Add(CheckMemory(loaded));
  problems.Add(CheckService(loaded));
  return std::move(problems).Take();
}

}  // namespace dbxes::config
