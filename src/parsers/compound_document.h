// SPDX-License-Identifier: Apache-2.0
// Documents in compound files: those of Office before 2007, and mails of Outlook.
#pragma once

#include <string_view>

#include "parsers/mail.h"
#include "parsers/parsed_document.h"
#include "parsers/text_sink.h"

namespace dbxes::parsers {

// kEncrypted for a document with a password.
Parsed<DocumentProperties> ParseCompoundDocument(std::string_view bytes, MailPlace place,
                                                 const ParseLimits& limits, TextSink& sink);

}  // namespace dbxes::parsers
