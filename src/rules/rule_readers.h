// SPDX-License-Identifier: Apache-2.0
// The steps of reading a rules file; each reports what it finds and leaves out what it cannot use.
#pragma once

#include <vector>

#include "rules/node_reader.h"
#include "rules/rule_set.h"

namespace dbxes::rules {

// One element each: nothing if it cannot be used.
std::optional<BasicRule> ReadBasicRule(NodeReader& reader, const Spot& at);
std::optional<AdvancedRule> ReadAdvancedRule(NodeReader& reader, const Spot& at);
// Whether an object looks like the one or the other kind, going by its members.
bool LooksBasic(const JsonNode& node);
bool LooksAdvanced(const JsonNode& node);

// The rule that decides about what no other matches. It is asked last, whatever its order.
bool IsDefaultRule(const BasicRule& rule);

// What only the rules together, or a value's meaning, tell to be wrong. `rules` are in the order in
// which they are asked; `spots` are theirs.
void CheckMeaning(NodeReader& reader, const std::vector<BasicRule>& rules,
                  const std::vector<Spot>& spots);
// Whether the last rules say nothing but what holds for the rest; for lists without errors.
void CheckEffect(NodeReader& reader, const std::vector<BasicRule>& rules,
                 const std::vector<Spot>& spots);
void CheckMeaning(NodeReader& reader, const std::vector<AdvancedRule>& rules,
                  const std::vector<Spot>& spots);

}  // namespace dbxes::rules
