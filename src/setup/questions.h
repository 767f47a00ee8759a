// SPDX-License-Identifier: Apache-2.0
// The questions of the command init: what a first configuration needs and nothing has given yet.
#pragma once

#include <string>
#include <string_view>

#include "base/environment.h"
#include "config/config_loader.h"
#include "report/reporter.h"

namespace dbxes::setup {

// The origin of a setting that the user has answered.
inline constexpr std::string_view kAnswer = "answer";

// Reads `text` into the setting "elasticsearch.host", with the origin kAnswer. kConfig: what is
// wrong with it.
Result<void> Answer(config::LoadedConfig& loaded, std::string_view section, std::string_view key,
                    const std::string& text);

// Asks the user for app key, cluster and index where flags and environment have not given them; an
// answer that is no valid value is asked for again, if somebody at a terminal can. kConfig when
// there is no answer; the message names the flag that gives it. kInterrupted after a stop signal.
Result<void> AskForSettings(config::LoadedConfig& loaded, const Console& console,
                            report::Reporter& reporter);

// One line of input that no terminal shows; "" for an empty one, and at the end of input.
Result<std::string> AskForSecret(std::string_view question, const Console& console,
                                 report::Reporter& reporter);

}  // namespace dbxes::setup
