// SPDX-License-Identifier: Apache-2.0
// Whether the settings of an index that exists allow what dbx-es does (Elasticsearch: Index
// modules). Errors are kConfig and name the setting and the command that fixes it. No I/O.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json/json.h"
#include "base/result.h"

namespace dbxes::elastic {

// Judges the `settings` object of the index: it must be open and writable, of a mode that takes
// files, and its limits must allow the searches of dbx-es. Returns warnings. A full disk is no
// error, because it passes: the writer waits for it. Nor is a small index.max_result_window:
// searches adapt.
Result<std::vector<std::string>> JudgeSettings(std::string_view index,
                                               const rapidjson::Value& settings);

// The ingest pipeline that the index sends documents through by itself ("default_pipeline", unless
// a request names another, or "final_pipeline"); "" for none.
std::string PipelineSetting(const rapidjson::Value& settings, std::string_view name);

}  // namespace dbxes::elastic
