// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string>
#include <utility>

#include "cli/commands.h"
#include "cli/index_session.h"
#include "cli/outcome.h"
#include "find/word_search.h"

namespace dbxes::cli {

ExitCode RunSearch(const CommandLine& line, const config::Config& config,
                   report::Reporter& reporter) {
  find::WordQuestion question;
  question.words = fmt::format("{}", fmt::join(line.values.arguments(), " "));
  question.user = line.values.Text("--as");
  if (line.values.Has("--limit")) question.limit = std::stoul(line.values.Text("--limit"));
  IndexSession session(config, reporter);
  const auto answer = find::SearchWords(session.client(), config.elasticsearch.index, question);
  if (!answer) return ReportOutcome("search", Fail(answer.error()), reporter);
  if (line.output.json) {
    reporter.Print(find::WordJson(*answer));
    return find::WordCode(*answer);
  }
  for (auto& text : find::WordLines(*answer)) PrintResult(std::move(text), reporter);
  reporter.Info(find::WordSummary(*answer));
  return find::WordCode(*answer);
}

}  // namespace dbxes::cli
