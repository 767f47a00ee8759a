// SPDX-License-Identifier: Apache-2.0
// The settings that shaped the documents: when one changes, only a full sync makes the index right.
#pragma once

#include <string>

#include "checkpoint/checkpoint.h"
#include "config/config.h"
#include "rules/rule_set.h"

namespace dbxes::sync {

checkpoint::SettingsFingerprint FingerprintOf(const config::Config& config,
                                              const rules::RuleSet& rules);
// "dropbox.path was "/a" and is now "/b"", for each that differs; "" when none does.
std::string DescribeDifference(const checkpoint::SettingsFingerprint& before,
                               const checkpoint::SettingsFingerprint& now);

}  // namespace dbxes::sync
