// SPDX-License-Identifier: Apache-2.0
// The settings that shaped the documents: when one changes, only a full sync makes the index right.
#pragma once

#include <string>

#include "checkpoint/checkpoint.h"
#include "config/config.h"
#include "rules/rule_set.h"

namespace dbxes {

SettingsFingerprint FingerprintOf(const Config& config, const RuleSet& rules);
// "dropbox.path was "/a" and is now "/b"", for each that differs; "" when none does.
std::string DescribeDifference(const SettingsFingerprint& before, const SettingsFingerprint& now);

}  // namespace dbxes
