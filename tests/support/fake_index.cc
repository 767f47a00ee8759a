// SPDX-License-Identifier: Apache-2.0
#include "support/fake_index.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <set>
#include <variant>

#include "base/hash.h"
#include "base/json/json.h"

namespace dbxes {
namespace {

using rapidjson::Value;

const Value& FirstMember(const Value& object) { return object.MemberBegin()->value; }
std::string FirstName(const Value& object) { return std::string(View(object.MemberBegin()->name)); }

// The field that a name in a query means: sub-fields hold the same value.
std::string BaseField(std::string name) {
  constexpr std::string_view kSubField = ".keyword";
  if (name.size() > kSubField.size() &&
      name.compare(name.size() - kSubField.size(), kSubField.size(), kSubField) == 0) {
    name.resize(name.size() - kSubField.size());
  }
  return name;
}

// Dots lead into objects.
const Value* FieldOf(const Value& json, std::string_view field) {
  if (const Value* value = FindMember(json, field)) return value;
  const std::size_t dot = field.find('.');
  if (dot == std::string_view::npos) return nullptr;
  const Value* object = FindMember(json, field.substr(0, dot));
  if (object == nullptr || !object->IsObject()) return nullptr;
  return FieldOf(*object, field.substr(dot + 1));
}

std::vector<const Value*> FieldValues(const FakeDocument& document, const std::string& field) {
  std::vector<const Value*> values;
  const Value* value = FieldOf(document.json, BaseField(field));
  if (value == nullptr) return values;
  if (value->IsNull()) return values;
  if (!value->IsArray()) return {value};
  for (const Value& element : value->GetArray()) {
    if (!element.IsNull()) values.push_back(&element);
  }
  return values;
}

std::vector<const Value*> Clauses(const Value& clause) {
  if (!clause.IsArray()) return {&clause};
  std::vector<const Value*> clauses;
  for (const Value& one : clause.GetArray()) clauses.push_back(&one);
  return clauses;
}

std::string RefuseBool(const Value& body) {
  for (const auto& [name, clause] : body.GetObject()) {
    const std::string_view occurrence = View(name);
    if (occurrence == "minimum_should_match" && clause.IsInt()) continue;
    if (occurrence != "filter" && occurrence != "must" && occurrence != "should" &&
        occurrence != "must_not") {
      return fmt::format("[bool] query does not support [{}]", occurrence);
    }
    for (const Value* one : Clauses(clause)) {
      if (std::string refused = RefuseQuery(*one); !refused.empty()) return refused;
    }
  }
  return {};
}

bool MatchesRange(const Value& bounds, const Value& value) {
  if (!value.IsInt64()) return false;
  for (const auto& [name, bound] : bounds.GetObject()) {
    const std::string_view operation = View(name);
    if (operation == "lt" && !(value.GetInt64() < bound.GetInt64())) return false;
    if (operation == "lte" && !(value.GetInt64() <= bound.GetInt64())) return false;
    if (operation == "gt" && !(value.GetInt64() > bound.GetInt64())) return false;
    if (operation == "gte" && !(value.GetInt64() >= bound.GetInt64())) return false;
  }
  return true;
}

bool MatchesBool(const Value& body, const std::string& id, const FakeDocument& document) {
  std::size_t should = 0;
  std::size_t should_matched = 0;
  bool required = false;
  for (const auto& [name, clause] : body.GetObject()) {
    const std::string_view occurrence = View(name);
    if (occurrence == "minimum_should_match") continue;
    for (const Value* one : Clauses(clause)) {
      const bool matches = MatchesQuery(*one, id, document);
      if (occurrence == "should") {
        ++should;
        should_matched += matches ? 1 : 0;
      } else if (matches == (occurrence == "must_not")) {
        return false;
      }
      required = required || occurrence == "filter" || occurrence == "must";
    }
  }
  const Value* minimum = FindMember(body, "minimum_should_match");
  const int wanted = minimum != nullptr ? minimum->GetInt() : (should > 0 && !required ? 1 : 0);
  return static_cast<int>(should_matched) >= wanted;
}

bool AnyOf(const Value& list, const Value& value) {
  return std::any_of(list.Begin(), list.End(), [&](const Value& one) { return one == value; });
}

// A value to sort by; absent ones are ranked by the sort's `missing`.
using SortValue = std::variant<std::int64_t, std::string, std::monostate>;

struct SortRow {
  std::string field;
  bool missing_first = false;
  bool descends = false;
};

// The metadata field that queries and sorts may name like one of the document's own.
constexpr std::string_view kSeqNo = "_seq_no";

SortValue SortValueOf(const SortRow& row, const FakeDocument& document) {
  if (row.field == kSeqNo) return static_cast<std::int64_t>(document.seq_no);
  const auto values = FieldValues(document, row.field);
  if (!values.empty() && values.front()->IsInt64()) return values.front()->GetInt64();
  if (!values.empty() && values.front()->IsString()) return std::string(View(*values.front()));
  // As Elasticsearch writes it for a missing number.
  if (row.missing_first) return std::numeric_limits<std::int64_t>::min();
  return std::monostate();
}

SortValue SortValueOf(const Value& value) {
  if (value.IsInt64()) return value.GetInt64();
  if (value.IsString()) return std::string(View(value));
  return std::monostate();
}

std::vector<SortRow> ReadSort(const Value& body) {
  std::vector<SortRow> rows;
  const Value* sort = FindMember(body, "sort");
  if (sort == nullptr) return rows;
  for (const Value& one : sort->GetArray()) {
    if (one.IsString()) continue;  // "_doc"
    const Value& how = FirstMember(one);
    const std::string_view order = how.IsString() ? View(how) : StringMember(how, "order");
    rows.push_back({FirstName(one), how.IsObject() && StringMember(how, "missing") == "_first",
                    order == "desc"});
  }
  return rows;
}

void WriteSortValue(JsonWriter& writer, const SortValue& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    writer.Int64(*number);
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    WriteString(writer, *text);
  } else {
    writer.Null();
  }
}

void WriteFields(JsonWriter& writer, const Value& wanted, const FakeDocument& document) {
  WriteKey(writer, "fields");
  writer.StartObject();
  for (const Value& name : wanted.GetArray()) {
    const auto values = FieldValues(document, std::string(View(name)));
    if (values.empty()) continue;
    // Doc values are sorted and hold each value once.
    std::set<std::string> texts;
    for (const Value* value : values) texts.insert(JsonText(*value));
    WriteKey(writer, View(name));
    writer.StartArray();
    for (const std::string& text : texts) {
      writer.RawValue(text.data(), text.size(), rapidjson::kStringType);
    }
    writer.EndArray();
  }
  writer.EndObject();
}

// Why the metadata of an operation is refused, or "".
std::string ReadMetadata(const Value& metadata, FakeBulkOperation& operation) {
  for (const auto& [name, value] : metadata.GetObject()) {
    const std::string_view key = View(name);
    if (key == "if_seq_no") operation.if_seq_no = value.GetUint64();
    if (key == "if_primary_term") operation.if_primary_term = value.GetUint64();
    if (key == "version") operation.external_version = value.GetUint64();
    if (key == "_index") operation.index = std::string(View(value));
    if (key != "_id" && key != "_index" && key != "if_seq_no" && key != "if_primary_term" &&
        key != "version" && key != "version_type") {
      return fmt::format("Action/metadata line [1] contains an unknown parameter [{}]", key);
    }
  }
  if (operation.if_seq_no && operation.external_version) {
    return "compare and write operations can not use versioning";
  }
  if (operation.if_seq_no.has_value() != (operation.if_primary_term > 0)) {
    return "ifSeqNo is set, but primary term is [0]";
  }
  if (!operation.external_version) return {};
  if (StringMember(metadata, "version_type") != "external") {
    return "internal versioning can not be used for optimistic concurrency control";
  }
  if (operation.operation != "index") {
    return fmt::format("{} operations only support internal versioning", operation.operation);
  }
  return {};
}

struct Ranked {
  std::vector<SortValue> sort;
  const std::string* id;
  const FakeDocument* document;
};

bool Precedes(const std::vector<SortValue>& one, const std::vector<SortValue>& other,
              const std::vector<SortRow>& rows) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (one[i] != other[i]) return (one[i] < other[i]) != rows[i].descends;
  }
  return false;
}

std::string HitText(const Ranked& hit, const Value& body) {
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  writer.StartObject();
  if (StringMember(body, "stored_fields") != "_none_") {
    WriteKey(writer, "_id");
    WriteString(writer, *hit.id);
  }
  if (BoolMember(body, "version", false)) {
    WriteKey(writer, "_version");
    writer.Uint64(hit.document->version);
  }
  if (BoolMember(body, "seq_no_primary_term", false)) {
    WriteKey(writer, "_seq_no");
    writer.Uint64(hit.document->seq_no);
    WriteKey(writer, "_primary_term");
    writer.Uint64(kFakePrimaryTerm);
  }
  if (const Value* wanted = FindMember(body, "docvalue_fields")) {
    WriteFields(writer, *wanted, *hit.document);
  }
  if (BoolMember(body, "_source", true)) {
    WriteKey(writer, "_source");
    writer.RawValue(hit.document->source.data(), hit.document->source.size(),
                    rapidjson::kObjectType);
  }
  WriteKey(writer, "sort");
  writer.StartArray();
  for (const SortValue& value : hit.sort) WriteSortValue(writer, value);
  writer.EndArray();
  writer.EndObject();
  return std::string(View(buffer));
}

std::string RefuseSearch(const Value& body) {
  static const std::set<std::string_view> kKnown{"size",
                                                 "query",
                                                 "sort",
                                                 "search_after",
                                                 "docvalue_fields",
                                                 "_source",
                                                 "stored_fields",
                                                 "track_total_hits",
                                                 "seq_no_primary_term",
                                                 "version"};
  std::set<std::string_view> seen;
  for (const auto& [name, value] : body.GetObject()) {
    if (kKnown.count(View(name)) == 0) return fmt::format("unknown key [{}]", View(name));
    if (!seen.insert(View(name)).second) return fmt::format("Duplicate field '{}'", View(name));
  }
  const Value* query = FindMember(body, "query");
  return query == nullptr ? "" : RefuseQuery(*query);
}

// A number among the settings of the index, as `index.NAME`.
std::uint64_t Limit(const FakeIndex& index, std::string_view name, std::uint64_t usual) {
  const auto settings = ParseJson("{" + index.settings + "}", "settings");
  const Value* value = FindMember(*settings, name);
  return value == nullptr ? usual : std::stoull(std::string(View(*value)));
}

std::string ExceededLimit(const FakeIndex& index, const Value& body, bool scrolls) {
  const std::uint64_t size = UintMember(body, "size").value_or(10);
  const std::uint64_t window = Limit(index, "max_result_window", 10'000);
  if (size > window && scrolls) {
    return fmt::format(
        "Batch size is too large, size must be less than or equal to: [{}] but was [{}]. Scroll "
        "batch sizes cost as much memory as result windows so they are controlled by the "
        "[index.max_result_window] index level setting.",
        window, size);
  }
  if (size > window) {
    return fmt::format(
        "Result window is too large, from + size must be less than or equal to: [{}] but was [{}]. "
        "See the scroll api for a more efficient way to request large data sets. This limit can be "
        "set by changing the [index.max_result_window] index level setting.",
        window, size);
  }
  const Value* fields = FindMember(body, "docvalue_fields");
  const std::uint64_t most = Limit(index, "max_docvalue_fields_search", 100);
  if (fields == nullptr || fields->Size() <= most) return {};
  return fmt::format(
      "Trying to retrieve too many docvalue_fields. Must be less than or equal to: [{}] but was "
      "[{}]. This limit can be set by changing the [index.max_docvalue_fields_search] index level "
      "setting.",
      most, fields->Size());
}

// As Elasticsearch counts for `ignore_above`.
std::size_t CodeUnits(std::string_view text) {
  std::size_t units = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    units += byte >= 0xF0 ? 2 : (byte & 0xC0) == 0x80 ? 0 : 1;
  }
  return units;
}

// Takes the values that a keyword ignores out of a copy of a document.
void DropIgnored(const std::string& field, std::size_t limit, rapidjson::Document& json) {
  if (!json.HasMember(field.c_str())) return;
  Value& found = json[field.c_str()];
  const auto ignored = [limit](const Value& value) {
    return value.IsString() && CodeUnits(View(value)) > limit;
  };
  if (ignored(found)) found.SetNull();
  if (!found.IsArray()) return;
  for (auto* one = found.Begin(); one != found.End();) {
    one = ignored(*one) ? found.Erase(one) : one + 1;
  }
}

}  // namespace

void FakeIndex::Refresh() {
  const auto parsed = ParseJson(mappings, "mappings");
  const Value* properties = FindMember(*parsed, "properties");
  std::map<std::string, std::size_t> limits;
  std::size_t least = SIZE_MAX;
  if (properties != nullptr) {
    for (const auto& [name, field] : properties->GetObject()) {
      const auto limit = UintMember(field, "ignore_above");
      if (!limit || StringMember(field, "type") != "keyword") continue;
      limits[std::string(View(name))] = *limit;
      least = std::min<std::size_t>(least, *limit);
    }
  }
  searchable = current;
  for (auto& [id, document] : searchable) {
    if (document->source.size() <= least) continue;
    auto indexed = std::make_shared<FakeDocument>();
    indexed->source = document->source;
    indexed->json.CopyFrom(document->json, indexed->json.GetAllocator());
    for (const auto& [field, limit] : limits) DropIgnored(field, limit, indexed->json);
    document = std::move(indexed);
  }
}

std::string JsonText(const Value& value) {
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  value.Accept(writer);
  return std::string(View(buffer));
}

void FakeIndex::Write(const std::string& id, rapidjson::Document json) {
  auto document = std::make_shared<FakeDocument>();
  document->source = JsonText(json);
  document->json = std::move(json);
  document->seq_no = next_seq_no[ShardOf(id)]++;
  document->version = VersionOf(id) + 1;
  current[id] = std::move(document);
  deleted.erase(id);
}

void FakeIndex::Delete(const std::string& id) {
  deleted[id] = VersionOf(id) + 1;
  current.erase(id);
  ++next_seq_no[ShardOf(id)];
}

std::size_t FakeIndex::ShardOf(const std::string& id) const { return Hash64(id) % shards; }

std::uint64_t FakeIndex::VersionOf(const std::string& id) const {
  if (const auto found = current.find(id); found != current.end()) return found->second->version;
  const auto gone = deleted.find(id);
  return gone == deleted.end() ? 0 : gone->second;
}

std::string ConflictOf(const FakeBulkOperation& operation, const FakeIndex& index) {
  const auto found = index.current.find(operation.id);
  const bool exists = found != index.current.end();
  if (operation.operation == "create" && exists) {
    return fmt::format("[{}]: version conflict, document already exists (current version [{}])",
                       operation.id, found->second->version);
  }
  const std::uint64_t version = index.VersionOf(operation.id);
  if (operation.external_version && version >= *operation.external_version) {
    return fmt::format(
        "[{}]: version conflict, current version [{}] is higher or equal to the one provided [{}]",
        operation.id, version, *operation.external_version);
  }
  if (!operation.if_seq_no) return {};
  const bool same = exists && found->second->seq_no == *operation.if_seq_no &&
                    operation.if_primary_term == kFakePrimaryTerm;
  // The update of an absent document has an error of its own.
  if (same || (!exists && operation.operation == "update")) return {};
  return fmt::format("[{}]: version conflict, required seqNo [{}], primary term [{}].{}",
                     operation.id, *operation.if_seq_no, operation.if_primary_term,
                     exists ? fmt::format(" current document has seqNo [{}] and primary term [{}]",
                                          found->second->seq_no, kFakePrimaryTerm)
                            : " but no document was found");
}

void MergeJson(Value& target, const Value& patch, rapidjson::Document::AllocatorType& allocator) {
  for (const auto& [name, value] : patch.GetObject()) {
    if (!target.HasMember(name)) {
      target.AddMember(Value(name, allocator), Value(value, allocator), allocator);
      continue;
    }
    Value& member = target[name];
    if (member.IsObject() && value.IsObject()) {
      MergeJson(member, value, allocator);
    } else {
      member.CopyFrom(value, allocator);
    }
  }
}

std::string RefuseQuery(const Value& query) {
  if (!query.IsObject() || query.MemberCount() != 1) return "a query clause has one name";
  const std::string name = FirstName(query);
  static const std::set<std::string> kLeaves{"match_all", "term",  "terms",
                                             "exists",    "range", "ids"};
  if (name == "bool") return RefuseBool(FirstMember(query));
  if (kLeaves.count(name) == 0) return fmt::format("unknown query [{}]", name);
  return {};
}

bool MatchesQuery(const Value& query, const std::string& id, const FakeDocument& document) {
  const std::string name = FirstName(query);
  const Value& body = FirstMember(query);
  if (name == "match_all") return true;
  if (name == "bool") return MatchesBool(body, id, document);
  if (name == "ids") return AnyOf(*FindMember(body, "values"), Value(id.data(), id.size()));
  if (name == "exists") {
    return !FieldValues(document, std::string(StringMember(body, "field"))).empty();
  }
  const Value number(document.seq_no);
  const bool is_number = FirstName(body) == kSeqNo;
  const auto values =
      is_number ? std::vector<const Value*>{&number} : FieldValues(document, FirstName(body));
  const Value& wanted = FirstMember(body);
  return std::any_of(values.begin(), values.end(), [&](const Value* value) {
    if (name == "terms") return AnyOf(wanted, *value);
    if (name == "range") return MatchesRange(wanted, *value);
    return *value == (wanted.IsObject() ? *FindMember(wanted, "value") : wanted);
  });
}

FakeSearch SearchFakeIndex(const FakeIndex& index, const Value& body, bool scrolls,
                           std::optional<std::size_t> shard) {
  FakeSearch result;
  result.refused = RefuseSearch(body);
  result.exceeded = ExceededLimit(index, body, scrolls);
  if (!result.refused.empty() || !result.exceeded.empty()) return result;
  result.size = UintMember(body, "size").value_or(10);
  const std::vector<SortRow> sort = ReadSort(body);
  std::vector<SortValue> after;
  if (const Value* values = FindMember(body, "search_after")) {
    for (const Value& value : values->GetArray()) after.push_back(SortValueOf(value));
  }
  std::vector<Ranked> ranked;
  const Value* query = FindMember(body, "query");
  for (const auto& [id, document] : index.searchable) {
    if (shard && index.ShardOf(id) != *shard) continue;
    if (query != nullptr && !MatchesQuery(*query, id, *document)) continue;
    Ranked hit{{}, &id, document.get()};
    for (const SortRow& row : sort) hit.sort.push_back(SortValueOf(row, *document));
    if (after.empty() || Precedes(after, hit.sort, sort)) ranked.push_back(std::move(hit));
  }
  std::stable_sort(ranked.begin(), ranked.end(), [&](const Ranked& a, const Ranked& b) {
    return Precedes(a.sort, b.sort, sort);
  });
  for (const Ranked& hit : ranked) result.hits.push_back(HitText(hit, body));
  return result;
}

std::string NewFakeUuid() {
  static int number = 0;
  return fmt::format("uuid-{}", ++number);
}

FakeBulk ReadFakeBulk(std::string_view body) {
  FakeBulk bulk;
  const auto refuse = [&](std::string type, std::string reason) {
    bulk.error_type = std::move(type);
    bulk.error_reason = std::move(reason);
    return std::move(bulk);
  };
  if (body.empty() || body.back() != '\n') {
    return refuse("illegal_argument_exception",
                  "The bulk request must be terminated by a newline [\\n]");
  }
  const auto next_line = [&] {
    const std::string_view line = body.substr(0, body.find('\n'));
    body.remove_prefix(std::min(body.size(), line.size() + 1));
    return line;
  };
  while (!body.empty()) {
    const auto action = ParseJson(next_line(), "action line");
    if (!action || !action->IsObject() || action->MemberCount() != 1) {
      return refuse("illegal_argument_exception", "Malformed action/metadata line");
    }
    FakeBulkOperation operation;
    operation.operation = FirstName(*action);
    operation.id = StringMember(FirstMember(*action), "_id");
    if (std::string refused = ReadMetadata(FirstMember(*action), operation); !refused.empty()) {
      return refuse("illegal_argument_exception", std::move(refused));
    }
    if (operation.id.empty() || operation.id.size() > 512) {
      return refuse("action_request_validation_exception", "Validation Failed: 1: id is too long");
    }
    if (operation.operation != "delete") operation.source = next_line();
    const auto update = ParseJson(operation.operation == "update" ? operation.source : "{}", "");
    if (!update) return refuse("x_content_parse_exception", "Unexpected character");
    if (operation.if_seq_no && BoolMember(*update, "doc_as_upsert", false)) {
      return refuse(
          "action_request_validation_exception",
          "Validation Failed: 1: compare and write operations can not be used with upsert;");
    }
    bulk.operations.push_back(std::move(operation));
  }
  return bulk;
}

}  // namespace dbxes
