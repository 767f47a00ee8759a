// SPDX-License-Identifier: Apache-2.0
#include "sync/plan/settings_fingerprint.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/safe_text.h"

namespace dbxes::sync {
namespace {

// Raised when documents of unchanged files become different ones. 2: received files have
// `received`, and paths that are too long for a keyword are replaced (base/path_key.h). 3:
// documents have `sync_version`.
constexpr const char* kDocuments = "documents";
constexpr const char* kDocumentsVersion = "3";
constexpr const char* kPipeline = "elasticsearch.pipeline";
constexpr const char* kPath = "dropbox.path";

// Patterns or folders, each on its own line. A message would be cut before the one that differs.
bool IsList(const std::string& value) { return value.find('\n') != std::string::npos; }

const std::string* Find(const checkpoint::SettingsFingerprint& settings, const std::string& name) {
  const auto found = std::find_if(settings.begin(), settings.end(),
                                  [&](const auto& setting) { return setting.first == name; });
  return found == settings.end() ? nullptr : &found->second;
}

// Their order decides nothing. No name in Dropbox has a line break in it.
void AddPatterns(const char* name, std::vector<std::string> patterns,
                 checkpoint::SettingsFingerprint& settings) {
  if (patterns.empty()) return;
  std::sort(patterns.begin(), patterns.end());
  patterns.erase(std::unique(patterns.begin(), patterns.end()), patterns.end());
  settings.emplace_back(name, fmt::format("{}", fmt::join(patterns, "\n")));
}

}  // namespace

checkpoint::SettingsFingerprint FingerprintOf(const config::Config& config,
                                              const rules::RuleSet& rules) {
  const auto text = [](bool value) { return value ? "true" : "false"; };
  const config::DropboxConfig& dropbox = config.dropbox;
  const config::ExtractionConfig& extraction = config.extraction;
  // Without document level security the switch has shaped nothing.
  const bool inherits =
      !dropbox.use_document_level_security || dropbox.include_inherited_users_and_groups;
  checkpoint::SettingsFingerprint settings{
      {kDocuments, kDocumentsVersion},
      {"dropbox.include_inherited_users_and_groups", text(inherits)},
      {"dropbox.include_link_visibility",
       text(dropbox.use_document_level_security && dropbox.include_link_visibility)},
      {"dropbox.include_received_files", text(dropbox.include_received_files)},
      {kPath, std::string(FolderText(JoinFolders(dropbox.paths)))},
      {"dropbox.use_document_level_security", text(dropbox.use_document_level_security)},
      {"dropbox.web_url", dropbox.web_url},
      {kPipeline, config.elasticsearch.pipeline},
      {"extraction.extensions", extraction.extensions},
      {"extraction.max_body_chars", std::to_string(extraction.max_body_chars)},
      {"extraction.max_file_download_size", std::to_string(extraction.MaxFileBytes())},
      {"extraction.mode", std::string(config::ToString(extraction.mode))},
      {"extraction.paper_format",
       extraction.paper_format == config::PaperFormat::kHtml ? "html" : "markdown"},
      {"extraction.reduce_whitespace", text(extraction.reduce_whitespace)},
      {"sync.rules", FingerprintOf(rules)},
  };
  // Named only where it is on: checkpoints of versions that lack it ask for no full sync.
  if (extraction.GuessesLanguage()) settings.emplace_back("extraction.guess_language", "true");
  if (extraction.ReadsPictures()) {
    settings.emplace_back("extraction.ocr", extraction.ocr.languages);
  }
  AddPatterns("sync.include", config.sync.include, settings);
  AddPatterns("sync.exclude", config.sync.exclude, settings);
  std::sort(settings.begin(), settings.end());
  return settings;
}

FolderList PathsOf(const checkpoint::SettingsFingerprint& settings) {
  const std::string* paths = Find(settings, kPath);
  return SplitFolders(paths == nullptr ? "" : *paths);
}

bool HasOtherPipeline(const checkpoint::SettingsFingerprint& before,
                      const checkpoint::SettingsFingerprint& now) {
  const std::string* old = Find(before, kPipeline);
  const std::string* pipeline = Find(now, kPipeline);
  return old != nullptr && pipeline != nullptr && !pipeline->empty() && *old != *pipeline;
}

bool HasOtherDocuments(const checkpoint::SettingsFingerprint& before,
                       const checkpoint::SettingsFingerprint& now) {
  const std::string* old = Find(before, kDocuments);
  return old == nullptr || *old != *Find(now, kDocuments);
}

std::string DescribeDifference(const checkpoint::SettingsFingerprint& before,
                               const checkpoint::SettingsFingerprint& now) {
  std::string text;
  for (const auto& [name, value] : now) {
    if (name == kDocuments) continue;
    const std::string* old = Find(before, name);
    if (old != nullptr && *old == value) continue;
    if (!text.empty()) text += "; ";
    if (old != nullptr && (IsList(value) || IsList(*old))) {
      text += fmt::format("the list {} has changed", name);
      continue;
    }
    text += old == nullptr ? fmt::format("{} is new (\"{}\")", name, InOneLine(value))
                           : fmt::format("{} was \"{}\" and is now \"{}\"", name, InOneLine(*old),
                                         InOneLine(value));
  }
  for (const auto& [name, value] : before) {
    if (name == kDocuments || Find(now, name) != nullptr) continue;
    if (!text.empty()) text += "; ";
    text += fmt::format("{} (\"{}\") is no longer set", InOneLine(name), InOneLine(value));
  }
  return text;
}

}  // namespace dbxes::sync
