// SPDX-License-Identifier: Apache-2.0
// The steps of reading a rules file. Each reports mistakes and skips what it cannot use.
#pragma once

#include <vector>

#include "rules/node_reader.h"
#include "rules/rule_set.h"

namespace dbxes::rules {

// Each reads one element; nothing if the element cannot be used.
std::optional<BasicRule> ReadBasicRule(NodeReader& reader, const Spot& at);
std::optional<AdvancedRule> ReadAdvancedRule(NodeReader& reader, const Spot& at);
// Whether an object has the members of the one or the other kind.
bool LooksBasic(const JsonNode& node);
bool LooksAdvanced(const JsonNode& node);

// The rule for documents that no other rule matches. It is always applied last.
bool IsDefaultRule(const BasicRule& rule);

// Finds mistakes that show only when rules are compared: duplicates, rules that are never reached.
// `rules` are in the order in which they are applied; `spots` are their places.
void CheckMeaning(NodeReader& reader, const std::vector<BasicRule>& rules,
                  const std::vector<Spot>& spots);
// Warns about last rules that have no effect; for lists without errors.
void CheckEffect(NodeReader& reader, const std::vector<BasicRule>& rules,
                 const std::vector<Spot>& spots);
void CheckMeaning(NodeReader& reader, const std::vector<AdvancedRule>& rules,
                  const std::vector<Spot>& spots);

}  // namespace dbxes::rules
