// SPDX-License-Identifier: Apache-2.0
// All settings, complete and valid. Their meanings, defaults, units and names are declared once, in
// config/option_table.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/folder_list.h"
#include "config/secret.h"

namespace dbxes::config {

enum class Compression { kAuto, kOn, kOff };

enum class LogFormat { kText, kJson };

// The proxy for requests to one service.
struct ProxyConfig {
  std::string url;     // "none" for no proxy; "" for the one in the environment
  Secret credentials;  // "user:password"
  std::string credentials_file;
};

struct DropboxConfig {
  // Those that are indexed, as the Dropbox API expects them: "" for the root, else "/a/b". Sorted,
  // and none is in another.
  FolderList paths{""};
  std::string app_key;
  Secret app_secret;
  Secret refresh_token;
  std::string app_secret_file;
  std::string refresh_token_file;  // auth stores the token here, too
  // Where a refresh token is set that is used instead of that file, such as "environment
  // DBX_ES_DROPBOX_REFRESH_TOKEN"; "" if there is none.
  std::string refresh_token_override;
  bool keep_access_token = true;
  // Where a run keeps its access token for the next one; "" without a state folder.
  std::string access_token_file;
  // A command, a systemd credential or Kibana provides the refresh token: it is in no file here.
  bool refresh_token_in_no_file = false;
  int retry_count = 3;
  int concurrent_downloads = 100;
  std::size_t bwlimit = 0;  // bytes a second of all answers together; 0: any
  bool use_document_level_security = false;
  bool include_inherited_users_and_groups = true;
  bool include_link_visibility = false;
  bool use_text_extraction_service = false;
  bool include_received_files = true;
  // Base URLs without a trailing slash.
  std::string api_url;
  std::string content_url;
  std::string web_url;
  ProxyConfig proxy;
  std::string ca_certs;
  bool insecure_transport = false;  // send secrets over plain HTTP
};

struct ElasticsearchConfig {
  std::string host;  // base URL without a trailing slash
  std::string index;
  Secret api_key;
  std::string api_key_file;
  std::string username;
  Secret password;
  std::string password_file;
  std::string command_not_run;  // the setting, where a command has a secret that is not needed
  std::string pipeline;
  bool verify_certs = true;
  std::string ca_certs;
  Milliseconds request_timeout{240'000};
  Compression compression = Compression::kAuto;
  std::size_t bulk_max_bytes = 5u << 20;  // of one request, before compression
  std::size_t bulk_max_actions = 2000;
  int bulk_max_concurrency = 2;  // requests in flight
  std::string cloud_id;          // another way to set `host`
  std::string ca_fingerprint;    // 64 lower-case hex digits
  std::string client_cert;
  std::string client_key;
  Secret client_key_password;
  std::string client_key_password_file;
  ProxyConfig proxy;
  bool insecure_transport = false;  // send secrets over plain HTTP
};

enum class ExtractionMode { kOff, kLocal, kPipeline, kService };
constexpr std::string_view ToString(ExtractionMode mode) {
  switch (mode) {
    case ExtractionMode::kOff:
      return "off";
    case ExtractionMode::kLocal:
      return "local";
    case ExtractionMode::kPipeline:
      return "pipeline";
    case ExtractionMode::kService:
      return "service";
  }
  return "";
}

enum class PaperFormat { kMarkdown, kHtml };

enum class ServiceProtocol { kAuto, kElastic, kTika };

// The service that extracts text in the mode kService.
struct ExtractionServiceConfig {
  std::string host;  // base URL without a trailing slash
  ServiceProtocol protocol = ServiceProtocol::kAuto;
  Milliseconds timeout{30'000};  // of one file
  int max_concurrency = 8;       // requests in flight
  bool use_file_pointers = false;
  std::string shared_volume_dir = "/app/files";
  std::size_t max_file_download_size = 64u << 20;  // bytes of one file
  ProxyConfig proxy;
};

// How words in pictures and scanned PDFs are read, in the mode kLocal.
struct OcrConfig {
  bool on = false;
  std::string languages = "eng";   // as tesseract names them, with + between
  Milliseconds timeout{120'000};   // of one file
  Milliseconds budget{1'800'000};  // of one run
};

struct ExtractionConfig {
  Milliseconds parse_timeout{0};  // CPU time for one file
  Milliseconds parse_budget{0};   // for the slow files of one run
  bool unconfined_pdf = false;
  ExtractionMode mode = ExtractionMode::kLocal;
  std::string extensions;  // as configured; parsed by content/content_types
  PaperFormat paper_format = PaperFormat::kMarkdown;
  std::size_t max_file_download_size = 10u << 20;  // bytes of one file
  std::size_t max_memory = 256u << 20;             // bytes of all files in memory
  std::size_t max_body_chars = 0;                  // 0: all of them
  bool reduce_whitespace = false;
  std::size_t max_reread_files = 0;  // of one run; 0: all of them
  bool guess_language = false;       // mode kLocal
  OcrConfig ocr;
  ExtractionServiceConfig service;

  // Only parser processes guess, and other modes have none.
  bool GuessesLanguage() const { return guess_language && mode == ExtractionMode::kLocal; }
  bool ReadsPictures() const { return ocr.on && mode == ExtractionMode::kLocal; }
  // A service has its own limit.
  std::size_t MaxFileBytes() const {
    return mode == ExtractionMode::kService ? service.max_file_download_size
                                            : max_file_download_size;
  }
};

// How many documents a run may delete.
struct MaxDelete {
  bool automatic = true;  // nothing was set: the limits of sync/deletion/safety.h
  bool unlimited = false;
  std::uint64_t count = 0;  // when neither
};

// Where a run leaves what the next one needs.
enum class StateKind { kFolder, kCluster };

struct SyncConfig {
  StateKind state = StateKind::kFolder;
  Milliseconds lease{60'000};  // of a state in the cluster
  std::string rules_file;      // "" for none
  // Patterns of base/path_glob.h for paths under DropboxConfig::paths. Without any in `include`,
  // everything is included that `exclude` does not match.
  std::vector<std::string> include;
  std::vector<std::string> exclude;
  MaxDelete max_delete;
  Milliseconds connect_timeout{15'000};
  Milliseconds stall_timeout{60'000};
  Milliseconds give_up_after{900'000};
};

// Reports of a run besides its output.
struct ReportConfig {
  LogFormat log_format = LogFormat::kText;
  std::string log_file;      // "" for standard error
  std::string metrics_file;  // "" for none
  Secret ping_url;           // anyone who knows it can ping
  std::string ping_url_file;
  std::string trace;  // file of the trace, "" for none
};

// The connector that Kibana shows of this target.
struct ConnectorConfig {
  std::string id;     // "" for none
  bool rules = true;  // its sync rules count, unless sync.rules names a file
  // What the loader leaves of it, where it asks (config/kibana_settings.h).
  Secret as_read;       // the connector, as Elasticsearch's Get API answered; "" if nobody asked
  std::string unread;   // why it could not be read
  std::string problem;  // values in it that cannot be used
  // Settings that its form has as well, but which have a value elsewhere: by their key, where.
  std::map<std::string, std::string, std::less<>> local;
};

struct Config {
  DropboxConfig dropbox;
  ElasticsearchConfig elasticsearch;
  ExtractionConfig extraction;
  SyncConfig sync;
  ReportConfig report;
  ConnectorConfig connector;
  std::string state_dir;
  std::string config_file;  // the file that was read, "" for none

  // Whether the sync rules are those of Kibana.
  bool UsesKibanaRules() const {
    return !connector.id.empty() && connector.rules && sync.rules_file.empty();
  }
};

}  // namespace dbxes::config
