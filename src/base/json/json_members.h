// SPDX-License-Identifier: Apache-2.0
// Reads an object with a table of its members: what matters is listed, everything else is skipped.
// For answers with many bytes. Small ones are read with ParseJson.
#pragma once

#include <cstddef>
#include <string_view>

#include "base/json/json_scanner.h"

namespace dbxes {

// A member that matters, and how to read its value.
template <class Object>
struct JsonMember {
  JsonName name;
  void (*read)(JsonScanner& json, Object& object);
};

// The reader of a member whose value goes into a field as it is. A value of another type, null
// included, leaves the field unchanged.
template <auto Field, class Object>
void ReadField(JsonScanner& json, Object& object) {
  json.Read(object.*Field);
}

// Returns the index of a name in the table, or N. Members nearly always come in the order of the
// table, so the search begins at `next`.
template <class Object, std::size_t N>
std::size_t FindMemberFrom(const JsonMember<Object> (&members)[N], std::size_t next,
                           std::string_view name) {
  for (std::size_t tried = 0; tried < N; ++tried) {
    const std::size_t at = (next + tried) % N;
    if (members[at].name.view() == name) return at;
  }
  return N;
}

// Reads the members of an object; skips a value of another type. Calls
// `read_other(json, name, object)` for a member that is not in the table: it must read or skip the
// value.
template <class Object, std::size_t N, class ReadOther>
void ReadMembers(JsonScanner& json, const JsonMember<Object> (&members)[N], Object& object,
                 ReadOther read_other) {
  if (!json.NextIs('{')) return json.Skip();
  std::size_t next = 0;
  for (bool more = json.EnterObject(); more; more = json.NextMember()) {
    std::size_t at = next;
    if (!json.TakeName(members[next].name)) {
      const std::string_view name = json.ReadName();
      at = FindMemberFrom(members, next, name);
      if (at == N) {
        read_other(json, name, object);
        continue;
      }
    }
    members[at].read(json, object);
    next = at + 1 == N ? 0 : at + 1;
  }
}

// The same, and skips the members that are not in the table.
template <class Object, std::size_t N>
void ReadMembers(JsonScanner& json, const JsonMember<Object> (&members)[N], Object& object) {
  ReadMembers(json, members, object,
              [](JsonScanner& other, std::string_view, Object&) { other.Skip(); });
}

// Calls `read_element()` for each element of a list: it must read or skip the element. Skips a
// value of another type.
template <class ReadElement>
void ReadElements(JsonScanner& json, ReadElement read_element) {
  if (!json.NextIs('[')) return json.Skip();
  for (bool more = json.EnterList(); more; more = json.NextElement()) read_element();
}

}  // namespace dbxes
