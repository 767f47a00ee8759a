// SPDX-License-Identifier: Apache-2.0
// Reads the PDFs within mails: their reader is another program than that of the mail
// (src/pdf), so they are handed to the parser one after the other, each as a file of its own.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "base/callback_scope.h"
#include "parsers/document_parser.h"
#include "parsers/parser_settings.h"

namespace dbxes::parsers {

class AttachedPdfs final : public DocumentParser {
 public:
  // Whether PDFs may be read here.
  static bool Apply(const ParserSettings& settings);

  // The text of a mail with those of its PDFs has at most `max_text_bytes`.
  AttachedPdfs(std::size_t max_text_bytes, std::unique_ptr<DocumentParser> documents);

  Pending<Parsed<ParsedDocument>> Parse(std::string bytes, DocumentForm form) override;
  bool Takes(DocumentForm form) const override { return documents_->Takes(form); }

 private:
  using Outcome = Result<Parsed<ParsedDocument>>;
  using Answer = Pending<Parsed<ParsedDocument>>;
  struct Job;

  void ReadNext(const std::shared_ptr<Job>& job);
  void Add(const std::shared_ptr<Job>& job, const Parsed<ParsedDocument>& pdf) const;

  std::size_t max_text_bytes_;
  std::unique_ptr<DocumentParser> documents_;
  CallbackScope callbacks_;
};

}  // namespace dbxes::parsers
