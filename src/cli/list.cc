// SPDX-License-Identifier: Apache-2.0
// The command ls.
#include <cstdio>
#include <utility>

#include "cli/commands.h"
#include "cli/index_session.h"
#include "cli/left_out.h"
#include "cli/outcome.h"
#include "find/folder_listing.h"
#include "report/result_json.h"

namespace dbxes::cli {
namespace {

// A reader that has what it wants, such as head, or a full disk: there is no need to read on. The
// end of the program reports what cannot be written.
bool CanWrite() { return std::ferror(stdout) == 0; }

ExitCode ReportError(Error error, const config::Config& config,
                     const find::FolderQuestion& question, report::Reporter& reporter) {
  return ReportOutcome("ls", Fail(WithPattern(std::move(error), config, question.path)), reporter);
}

ExitCode PrintJson(elastic::Client& client, const config::Config& config,
                   const find::FolderQuestion& question, report::Reporter& reporter) {
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  report::StartResult(writer, "ls", ExitCode::kOk, "");
  WriteText(writer, "path", question.path);
  WriteKey(writer, "documents");
  writer.StartArray();
  const auto listed = find::ListFolder(client, config.elasticsearch.index, question,
                                       [&](const find::FoundDocument& document) {
                                         writer.StartObject();
                                         find::WriteFound(writer, document);
                                         writer.EndObject();
                                         return true;
                                       });
  if (!listed) return ReportError(listed.error(), config, question, reporter);
  writer.EndArray();
  writer.EndObject();
  reporter.Print(View(buffer));
  return ExitCode::kOk;
}

}  // namespace

ExitCode RunList(const CommandLine& line, const config::Config& config,
                 report::Reporter& reporter) {
  find::FolderQuestion question;
  if (!line.values.arguments().empty()) question.path = line.values.Argument(0);
  question.recursive = line.values.Has("--recursive");
  IndexSession session(config, reporter);
  const std::string& index = config.elasticsearch.index;
  if (line.output.json) return PrintJson(session.client(), config, question, reporter);
  const find::LineStyle style{line.values.Has("--long"), question.recursive};
  const auto listed =
      find::ListFolder(session.client(), index, question, [&](const find::FoundDocument& document) {
        reporter.Print(find::ListingLine(document, style));
        return CanWrite();
      });
  return listed ? ExitCode::kOk : ReportError(listed.error(), config, question, reporter);
}

}  // namespace dbxes::cli
