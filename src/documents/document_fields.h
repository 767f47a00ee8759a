// SPDX-License-Identifier: Apache-2.0
// Single fields of the document that DocumentBuilder makes from an entry, without making it: sync
// rules need a few fields of every entry. Fields that are known later (a body, readers) have no
// values here.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <variant>

#include "delta/entry.h"
#include "documents/document.h"
#include "dropbox/client.h"

namespace dbxes::documents {

using FieldValue = std::variant<std::string_view, std::int64_t, bool>;
// Called for each value; texts are valid during the call only.
using FieldVisitor = std::function<void(const FieldValue&)>;

// Visits the values of one field: none when the document lacks it, several for a list.
void VisitField(const DocumentContext& context, const delta::Entry& entry, std::string_view field,
                const FieldVisitor& visit);
// The same for a file shared with the account directly.
void VisitReceivedField(const DocumentContext& context, std::string_view id,
                        const dropbox::LinkedFile& file, std::string_view field,
                        const FieldVisitor& visit);

}  // namespace dbxes::documents
