// SPDX-License-Identifier: Apache-2.0
// What is checked in under man/ and completions/ is what the declarations give.
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "cli/commands.h"
#include "cli/completions.h"
#include "cli/manual.h"

namespace dbxes::cli {
namespace {

namespace fs = std::filesystem;

std::string ReadAll(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void CheckFolder(const std::string& folder, const std::vector<GeneratedFile>& files) {
  const fs::path path = fs::path(DBXES_SOURCE_DIR) / folder;
  std::set<std::string> names;
  for (const GeneratedFile& file : files) {
    INFO("regenerate with: dbx-es generate ", folder, " ", folder);
    INFO("file: ", file.name);
    // Not CHECK(a == b): a page of differences says less than the name.
    const bool same = ReadAll(path / file.name) == file.content;
    CHECK(same);
    names.insert(file.name);
  }
  for (const auto& entry : fs::directory_iterator(path)) {
    INFO("not generated any more: ", entry.path().string());
    CHECK(names.count(entry.path().filename().string()) == 1);
  }
}

bool Contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

class SilentReporter final : public report::Reporter {
 public:
  void Phase(std::string_view) override {}
  void Progress(const report::Counters&, const report::Gauges&) override {}
  void Info(std::string_view) override {}
  void Warn(std::string_view) override {}
  void Detail(std::string_view) override {}
  void Print(std::string_view) override {}
  void Summary(const report::RunSummary& given) override { summary = given; }
  report::RunSummary summary;
};

}  // namespace

TEST_CASE("the checked-in manual pages are up to date") { CheckFolder("man", ManualPages()); }

TEST_CASE("the checked-in completions are up to date") {
  CheckFolder("completions", Completions());
}

TEST_CASE("the manual names every setting, counter, exit status and visible flag") {
  const std::string config = ConfigPage().content;
  const std::string program = ProgramPage().content;
  for (const config::OptionRow& row : config::OptionTable()) {
    CAPTURE(config::SettingName(row));
    CHECK(Contains(config, "\n.It Li " + std::string(row.key) + "\n"));
    CHECK(Contains(config, config::EnvironmentName(row)));
  }
  for (const report::CounterRow& row : report::kCounterTable) {
    const std::string member = std::string(row.group) + "." + std::string(row.name);
    CHECK(Contains(program, "\n.It Li " + member + "\n"));
  }
  for (const ExitCodeRow& row : kExitCodes) {
    const std::string item =
        std::to_string(static_cast<int>(row.code)) + " Pq \"" + std::string(row.outcome) + "\"";
    CHECK(Contains(program, "\n.It " + item + "\n"));
  }
  for (const FlagSpec& flag : GlobalFlags()) {
    CHECK(Contains(program, "\n.It " + FlagMacros(flag) + "\n"));
  }
  for (const CommandSpec& command : Commands()) {
    const std::string page = CommandPage(command).content;
    for (const FlagSpec& flag : command.flags) {
      CHECK(Contains(page, "\n.It " + FlagMacros(flag) + "\n"));
    }
  }
}

TEST_CASE("flags in the language of manual pages") {
  CHECK(FlagMacros({.name = "--config", .short_name = "-c", .value = "FILE"}) ==
        "Fl c , Fl -config Ar FILE");
  CHECK(FlagMacros({.name = "--x", .negated = "--no-x"}) == "Fl -x , Fl -no-x");
  CHECK(ValueMacros("N|auto|unlimited") == "Ar N | Cm auto | unlimited");
  CHECK(ValueMacros("") == "");
}

TEST_CASE("generate writes its files and refuses what it does not know") {
  char pattern[] = "/tmp/dbx-es-generate-XXXXXX";
  REQUIRE(::mkdtemp(pattern) != nullptr);
  const std::string folder = pattern;
  SilentReporter reporter;
  CHECK(RunGenerate("man", folder, reporter) == ExitCode::kOk);
  CHECK(RunGenerate("completions", folder, reporter) == ExitCode::kOk);
  for (const GeneratedFile& file : ManualPages()) {
    CHECK(ReadAll(fs::path(folder) / file.name) == file.content);
  }
  for (const GeneratedFile& file : Completions()) {
    CHECK(ReadAll(fs::path(folder) / file.name) == file.content);
  }
  CHECK(RunGenerate("poems", folder, reporter) == ExitCode::kConfiguration);
  CHECK(reporter.summary.message == "cannot generate 'poems', only man or completions");
  fs::remove_all(folder);
  CHECK(RunGenerate("man", folder, reporter) != ExitCode::kOk);
  CHECK(Contains(reporter.summary.message, folder));
}

}  // namespace dbxes::cli
