// SPDX-License-Identifier: Apache-2.0
// Rich Text in mails of Outlook, compressed ([MS-OXRTFCP]).
#pragma once

#include <string>
#include <string_view>

namespace dbxes::parsers {

// The Rich Text, up to the place that is damaged; "" if the bytes are something else.
std::string DecompressRtf(std::string_view bytes);

}  // namespace dbxes::parsers
