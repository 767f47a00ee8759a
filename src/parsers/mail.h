// SPDX-License-Identifier: Apache-2.0
// Reads mail (RFC 5322 and MIME), files of many mails (mbox) and web pages saved with their
// pictures (MHTML, RFC 2557).
#pragma once

#include <string_view>

#include "parsers/parsed_document.h"
#include "parsers/text_sink.h"

namespace dbxes::parsers {

// Whether the bytes begin with a header of mail, or with the separator of mbox.
bool IsMail(std::string_view bytes);

// `kOutermost` reads attachments that are documents, too; of mail within another file, only their
// names are read.
enum class MailPlace : bool { kOutermost, kEmbedded };

// Adds subject, sender, receivers and date of each mail, its text, and the names of its attachments
// with their text (parsers/embedded.h). Of several versions of one text, the richest is read. Title
// and author are subject and sender of the only mail.
DocumentProperties ParseMail(std::string_view bytes, MailPlace place, const ParseLimits& limits,
                             TextSink& sink);

}  // namespace dbxes::parsers
