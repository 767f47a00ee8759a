// SPDX-License-Identifier: Apache-2.0
#include "setup/questions.h"

#include <fmt/format.h>

#include <utility>

namespace dbxes::setup {
namespace {

struct Question {
  std::string_view section;
  std::string_view key;
  std::string_view text;
  std::string_view instead;  // what gives the answer without a question
};
constexpr Question kQuestions[] = {
    {"dropbox", "app_key",
     "App key, from the tab Settings of your app at https://www.dropbox.com/developers/apps:",
     "--app-key"},
    {"elasticsearch", "host",
     "URL of Elasticsearch, such as https://search.example.com:9200:", "--host"},
    {"elasticsearch", "index", "Name of the index (empty for {}):", "--index"},
};

std::string Trimmed(std::string text) {
  text.erase(0, text.find_first_not_of(" \t\r"));
  text.erase(text.find_last_not_of(" \t\r") + 1);
  return text;
}

bool IsGiven(const config::LoadedConfig& loaded, const config::OptionRow& row) {
  const std::string& origin = loaded.OriginOf(row);
  return !origin.empty() && origin != "default";
}

// One answer; nothing if the default is kept.
Result<void> Ask(const Question& question, const config::OptionRow& row,
                 config::LoadedConfig& loaded, const Console& console, report::Reporter& reporter) {
  for (;;) {
    reporter.Instruct(fmt::format(fmt::runtime(question.text), row.default_text));
    TRY_ASSIGN(auto line, console.read_line());
    if (!line) {
      return Fail(ErrorKind::kConfig,
                  fmt::format("{} is not given: use {} or {}", config::SettingName(row),
                              question.instead, config::EnvironmentName(row)));
    }
    const std::string text = Trimmed(*std::move(line));
    if (text.empty() && !row.default_text.empty()) return {};
    auto answered = text.empty() ? Result<void>(Fail(ErrorKind::kConfig, "an answer is needed"))
                                 : Answer(loaded, row.section, row.key, text);
    if (answered || !console.interactive) return answered;
    reporter.Warn(answered.error().message);
  }
}

}  // namespace

Result<void> Answer(config::LoadedConfig& loaded, std::string_view section, std::string_view key,
                    const std::string& text) {
  const config::OptionRow& row = *config::FindOption(section, key);
  const config::RawValue value{config::RawValue::kText, text, std::string(kAnswer)};
  TRY(config::AssignOption(row, value, loaded.config));
  loaded.origins[config::IndexOf(row)] = kAnswer;
  return {};
}

Result<void> AskForSettings(config::LoadedConfig& loaded, const Console& console,
                            report::Reporter& reporter) {
  for (const Question& question : kQuestions) {
    const config::OptionRow& row = *config::FindOption(question.section, question.key);
    if (!IsGiven(loaded, row)) TRY(Ask(question, row, loaded, console, reporter));
  }
  return {};
}

Result<std::string> AskForSecret(std::string_view question, const Console& console,
                                 report::Reporter& reporter) {
  reporter.Instruct(question);
  TRY_ASSIGN(auto line, console.read_secret());
  return Trimmed(std::move(line).value_or(""));
}

}  // namespace dbxes::setup
