// SPDX-License-Identifier: Apache-2.0
#include "parsers/attached_pdfs.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/utf8.h"

namespace dbxes::parsers {

struct AttachedPdfs::Job {
  Answer answer;
  ParsedDocument mail;
  std::vector<std::string> pdfs;
  std::size_t next = 0;
};

bool AttachedPdfs::Apply(const ParserSettings& settings) {
  const bool confined = settings.missing_confinement.empty() || settings.unconfined_pdf;
  return confined && !(settings.pdf_reader.empty() && settings.pdftotext.empty());
}

AttachedPdfs::AttachedPdfs(std::size_t max_text_bytes, std::unique_ptr<DocumentParser> documents)
    : max_text_bytes_(max_text_bytes), documents_(std::move(documents)) {}

Pending<Parsed<ParsedDocument>> AttachedPdfs::Parse(std::string bytes, DocumentForm form) {
  const Answer answer;
  const auto on_document = [this, answer](Outcome outcome) {
    const bool has_pdfs = outcome && *outcome && !(*outcome)->attached_pdfs.empty();
    if (!has_pdfs) return answer.Fulfil(std::move(outcome));
    const auto job = std::make_shared<Job>();
    job->answer = answer;
    job->mail = **std::move(outcome);
    job->pdfs = std::exchange(job->mail.attached_pdfs, {});
    ReadNext(job);
  };
  documents_->Parse(std::move(bytes), form).Then(callbacks_.Bind(on_document));
  return answer;
}

void AttachedPdfs::ReadNext(const std::shared_ptr<Job>& job) {
  if (job->next == job->pdfs.size() || job->mail.truncated) {
    return job->answer.Fulfil(Parsed<ParsedDocument>(std::move(job->mail)));
  }
  const auto on_pdf = [this, job](Outcome outcome) {
    // No process could be started, or time is up: the next run reads the mail as a whole.
    if (!outcome) return job->answer.Fulfil(Fail(outcome.error()));
    Add(job, *outcome);
    ReadNext(job);
  };
  std::string& pdf = job->pdfs[job->next++];
  documents_->Parse(std::exchange(pdf, {}), DocumentForm::kFile).Then(callbacks_.Bind(on_pdf));
}

void AttachedPdfs::Add(const std::shared_ptr<Job>& job, const Parsed<ParsedDocument>& pdf) const {
  ParsedDocument& mail = job->mail;
  if (!pdf) {
    if (pdf.error() != Unreadable::kUnsupported) mail.damaged_partly = true;
    return;
  }
  mail.damaged_partly = mail.damaged_partly || pdf->damaged_partly;
  mail.truncated = mail.truncated || pdf->truncated;
  if (pdf->text.empty()) return;
  const std::string addition = "\n" + pdf->text;
  const std::size_t room = max_text_bytes_ - std::min(max_text_bytes_, mail.text.size());
  mail.text += CutUtf8(addition, room);
  mail.truncated = mail.truncated || addition.size() > room;
}

}  // namespace dbxes::parsers
