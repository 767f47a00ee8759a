// SPDX-License-Identifier: Apache-2.0
#include "config/option_table.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <vector>

#include "config/option_value.h"

namespace dbxes::config {
namespace {

const void* AddressOf(const OptionRow& row, Config& config) {
  return std::visit(
      [&](auto field) -> const void* {
        if constexpr (std::is_same_v<decltype(field), std::monostate>) {
          return nullptr;
        } else {
          return &field(config);
        }
      },
      row.field);
}

// A member that is added to one of these structs breaks the binding, and with it the build, until
// it is named here; the test below then asks for its row.
std::vector<const void*> MembersThatAreSettings(Config& config) {
  std::vector<const void*> members;
  const auto add = [&](const auto&... member) { (members.push_back(&member), ...); };
  {
    auto& [path, app_key, app_secret, refresh_token, app_secret_file, refresh_token_file,
           token_override, keep, token_file, in_no_file, retry_count, downloads, bwlimit, security,
           inherited, links, extraction, received, api_url, content_url, web_url, proxy, ca_certs,
           insecure] = config.dropbox;
    add(path, app_key, app_secret, refresh_token, app_secret_file, refresh_token_file, keep,
        retry_count, downloads, bwlimit, security, inherited, links, extraction, received, api_url,
        content_url, web_url, ca_certs, insecure);
    auto& [url, credentials, credentials_file] = proxy;
    add(url, credentials, credentials_file);
  }
  {
    auto& [host, index, api_key, api_key_file, username, password, password_file, not_run, pipeline,
           verify_certs, ca_certs, timeout, compression, max_bytes, max_actions, max_concurrency,
           cloud_id, fingerprint, client_cert, client_key, key_password, key_password_file, proxy,
           insecure] = config.elasticsearch;
    add(host, index, api_key, api_key_file, username, password, password_file, pipeline,
        verify_certs, ca_certs, timeout, compression, max_bytes, max_actions, max_concurrency,
        cloud_id, fingerprint, client_cert, client_key, key_password, key_password_file, insecure);
    auto& [url, credentials, credentials_file] = proxy;
    add(url, credentials, credentials_file);
  }
  {
    auto& [parse_timeout, parse_budget, unconfined_pdf, mode, extensions, paper_format, max_size,
           max_memory, max_chars, whitespace, rereads, language, ocr, service] = config.extraction;
    add(parse_timeout, parse_budget, unconfined_pdf);
    add(mode, extensions, paper_format, max_size, max_memory, max_chars, whitespace, rereads,
        language);
    auto& [reads_pictures, languages, ocr_timeout, ocr_budget] = ocr;
    add(reads_pictures, languages, ocr_timeout, ocr_budget);
    auto& [host, protocol, timeout, max_concurrency, pointers, volume, max_service_size, proxy] =
        service;
    add(host, protocol, timeout, max_concurrency, pointers, volume, max_service_size);
    auto& [url, credentials, credentials_file] = proxy;
    add(url, credentials, credentials_file);
  }
  {
    auto& [state, lease, rules, include, exclude, max_delete, connect_timeout, stall_timeout,
           give_up_after] = config.sync;
    add(state, lease, rules, include, exclude, max_delete, connect_timeout, stall_timeout,
        give_up_after);
  }
  {
    auto& [log_format, log_file, metrics_file, ping_url, ping_url_file, trace] = config.report;
    add(log_format, log_file, metrics_file, ping_url, ping_url_file, trace);
  }
  {
    // The others say what the loader found.
    auto& [id, rules, as_read, unread, problem, local] = config.connector;
    add(id, rules);
  }
  // Of the top level only the state folder is a setting.
  auto& [dropbox, elastic, extraction, sync, report, connector, state_dir, config_file] = config;
  add(state_dir);
  return members;
}

}  // namespace

TEST_CASE("every setting of Config has exactly one row, and every row a setting") {
  Config config;
  const std::vector<const void*> members = MembersThatAreSettings(config);
  std::multiset<const void*> rows;
  for (const OptionRow& row : OptionTable()) {
    // A command fills the secret's member, which has a row of its own.
    CHECK((row.type == OptionType::kCommand) == !row.command_of.empty());
    if (row.command_of.empty()) rows.insert(AddressOf(row, config));
  }
  for (std::size_t i = 0; i < members.size(); ++i) {
    CAPTURE(i);
    CHECK(rows.count(members[i]) == 1);
  }
  CHECK(rows.size() == members.size());
}

TEST_CASE("every row is complete") {
  for (const OptionRow& row : OptionTable()) {
    CAPTURE(SettingName(row));
    CHECK_FALSE(row.section.empty());
    CHECK_FALSE(row.key.empty());
    CHECK(row.min <= row.max);
    CHECK(row.help.ends_with('.'));
    CHECK(std::isupper(static_cast<unsigned char>(row.help.front())) != 0);
    CHECK_FALSE(ExpectedValue(row).empty());
    CHECK(ValueName(row).empty() == (row.type == OptionType::kBool));
    if (row.required) CHECK(row.default_text.empty());
  }
}

TEST_CASE("names are unique in each of their worlds and of one form") {
  std::set<std::string> names;
  std::set<std::string> variables;
  std::set<std::string> flags;
  std::size_t flag_count = 0;
  for (const OptionRow& row : OptionTable()) {
    CAPTURE(SettingName(row));
    names.insert(SettingName(row));
    variables.insert(EnvironmentName(row));
    if (row.flag.empty()) continue;
    flags.insert(std::string(row.flag));
    ++flag_count;
    CHECK(row.flag.starts_with("--"));
    CHECK(std::none_of(row.flag.begin(), row.flag.end(),
                       [](char c) { return c == '_' || (c >= 'A' && c <= 'Z'); }));
  }
  CHECK(names.size() == OptionTable().size());
  CHECK(variables.size() == OptionTable().size());
  CHECK(flags.size() == flag_count);
  CHECK(EnvironmentName(*FindOption("dropbox", "app_key")) == "DBX_ES_DROPBOX_APP_KEY");
  CHECK(EnvironmentName(*FindOption("report", "trace")) == "DBX_ES_TRACE");
}

TEST_CASE("the default of a row reads as a value of the row and equals the default of Config") {
  Config from_table;
  for (const OptionRow& row : OptionTable()) {
    if (row.default_text.empty()) continue;
    const auto done =
        AssignOption(row, {RawValue::kText, std::string(row.default_text), "default"}, from_table);
    INFO((done ? std::string() : done.error().message));
    CHECK(done.has_value());
  }
  const Config plain;
  CHECK(from_table.dropbox.insecure_transport == plain.dropbox.insecure_transport);
  CHECK(from_table.elasticsearch.insecure_transport == plain.elasticsearch.insecure_transport);
  CHECK(from_table.report.log_format == plain.report.log_format);
  CHECK(from_table.dropbox.paths == plain.dropbox.paths);
  CHECK(from_table.dropbox.retry_count == plain.dropbox.retry_count);
  CHECK(from_table.dropbox.concurrent_downloads == plain.dropbox.concurrent_downloads);
  CHECK(from_table.dropbox.bwlimit == plain.dropbox.bwlimit);
  CHECK(from_table.dropbox.use_document_level_security ==
        plain.dropbox.use_document_level_security);
  CHECK(from_table.dropbox.include_link_visibility == plain.dropbox.include_link_visibility);
  CHECK(from_table.dropbox.include_inherited_users_and_groups ==
        plain.dropbox.include_inherited_users_and_groups);
  CHECK(from_table.dropbox.use_text_extraction_service ==
        plain.dropbox.use_text_extraction_service);
  CHECK(from_table.dropbox.include_received_files == plain.dropbox.include_received_files);
  CHECK(from_table.elasticsearch.verify_certs == plain.elasticsearch.verify_certs);
  CHECK(from_table.elasticsearch.request_timeout == plain.elasticsearch.request_timeout);
  CHECK(from_table.elasticsearch.compression == plain.elasticsearch.compression);
  CHECK(from_table.elasticsearch.bulk_max_bytes == plain.elasticsearch.bulk_max_bytes);
  CHECK(from_table.elasticsearch.bulk_max_actions == plain.elasticsearch.bulk_max_actions);
  CHECK(from_table.elasticsearch.bulk_max_concurrency == plain.elasticsearch.bulk_max_concurrency);
  CHECK(from_table.extraction.mode == plain.extraction.mode);
  CHECK(from_table.extraction.paper_format == plain.extraction.paper_format);
  CHECK(from_table.extraction.max_file_download_size == plain.extraction.max_file_download_size);
  CHECK(from_table.extraction.max_memory == plain.extraction.max_memory);
  CHECK(from_table.extraction.max_body_chars == plain.extraction.max_body_chars);
  CHECK(from_table.extraction.reduce_whitespace == plain.extraction.reduce_whitespace);
  CHECK(from_table.extraction.max_reread_files == plain.extraction.max_reread_files);
  CHECK(from_table.extraction.guess_language == plain.extraction.guess_language);
  const ExtractionServiceConfig& service = from_table.extraction.service;
  CHECK(service.protocol == plain.extraction.service.protocol);
  CHECK(service.timeout == plain.extraction.service.timeout);
  CHECK(service.max_concurrency == plain.extraction.service.max_concurrency);
  CHECK(service.use_file_pointers == plain.extraction.service.use_file_pointers);
  CHECK(service.shared_volume_dir == plain.extraction.service.shared_volume_dir);
  CHECK(service.max_file_download_size == plain.extraction.service.max_file_download_size);
  CHECK(from_table.sync.max_delete.automatic);
  CHECK(from_table.sync.connect_timeout == plain.sync.connect_timeout);
  CHECK(from_table.sync.stall_timeout == plain.sync.stall_timeout);
  CHECK(from_table.sync.give_up_after == plain.sync.give_up_after);
}

TEST_CASE("a secret is never a flag: every user of the machine sees command lines") {
  for (const OptionRow& row : OptionTable()) {
    if (!row.IsSecret()) continue;
    CAPTURE(SettingName(row));
    CHECK(row.default_text.empty());
    // Anyone who learns such a URL can ping, and do nothing else.
    if (row.type != OptionType::kSecretUrl) CHECK(row.flag.empty());
  }
}

TEST_CASE("only switches have a negated flag") {
  CHECK(NegatedFlag(*FindOption("elasticsearch", "verify_certs")) == "--no-verify-certs");
  CHECK(NegatedFlag(*FindOption("elasticsearch", "host")).empty());
  CHECK(NegatedFlag(*FindOption("dropbox", "use_text_extraction_service")).empty());
}

}  // namespace dbxes::config
