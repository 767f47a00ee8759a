// SPDX-License-Identifier: Apache-2.0
// Reads mails and other items that Outlook saved as files ([MS-OXMSG]).
#pragma once

#include "parsers/compound_file.h"
#include "parsers/mail.h"
#include "parsers/text_sink.h"

namespace dbxes::parsers {

bool IsOutlookMessage(const CompoundFile& file);

// Adds subject, sender, receivers, date (UTC) and text, and the names of the attachments with their
// text, as for other mail (parsers/mail.h). Title and author are subject and sender.
DocumentProperties ReadOutlookMessage(const CompoundFile& file, MailPlace place,
                                      const ParseLimits& limits, TextSink& sink);

}  // namespace dbxes::parsers
