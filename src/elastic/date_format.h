// SPDX-License-Identifier: Apache-2.0
// Which formats of a date field read the times that dbx-es writes: "2026-01-31T10:20:30Z", without
// fractions (Elasticsearch: Mapping parameters, format). Pure.
#pragma once

#include <string_view>

namespace dbxes::elastic {

// `format` is that of the mapping, "" for the default; alternatives are divided by "||". A pattern
// that is not understood is assumed to read them.
bool ReadsUtcTimes(std::string_view format);

}  // namespace dbxes::elastic
