// SPDX-License-Identifier: Apache-2.0
// The settings that shaped the documents: when one changes, only a full sync makes the index right.
#pragma once

#include <string>

#include "checkpoint/checkpoint.h"
#include "config/config.h"
#include "rules/rule_set.h"

namespace dbxes::sync {

// Besides the settings, it holds the version of the documents that this program writes.
checkpoint::SettingsFingerprint FingerprintOf(const config::Config& config,
                                              const rules::RuleSet& rules);
// The Dropbox folders that the settings name.
FolderList PathsOf(const checkpoint::SettingsFingerprint& settings);
// Whether the settings name an ingest pipeline that the documents have not passed through.
bool HasOtherPipeline(const checkpoint::SettingsFingerprint& before,
                      const checkpoint::SettingsFingerprint& now);
// The documents were written by a dbx-es that writes them differently: a full sync is due, although
// no setting has changed.
bool HasOtherDocuments(const checkpoint::SettingsFingerprint& before,
                       const checkpoint::SettingsFingerprint& now);
// The settings that differ: "dropbox.path was "/a" and is now "/b"", for each that differs; "" when
// none does.
std::string DescribeDifference(const checkpoint::SettingsFingerprint& before,
                               const checkpoint::SettingsFingerprint& now);

}  // namespace dbxes::sync
