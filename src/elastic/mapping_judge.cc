// SPDX-License-Identifier: Apache-2.0
#include "elastic/mapping_judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <utility>

#include "base/json/json_write.h"
#include "elastic/date_format.h"
#include "elastic/index_mapping.h"
#include "elastic/meaning.h"

namespace dbxes::elastic {
namespace {

using rapidjson::Value;

constexpr std::string_view kNewIndex =
    "set elasticsearch.index to a new name and run dbx-es full-sync";
// Lucene's longest term has 32,766 bytes, and a code unit at most three.
constexpr std::uint64_t kLongestTerm = 32'766 / 3;
// Values of the access list that a main field of type keyword must hold: one that it ignores does
// not exist, and the document is everybody's.
constexpr std::size_t kLongestReader = 1024;

bool IsOneOf(std::string_view value, std::initializer_list<std::string_view> list) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

bool IsNarrowNumber(std::string_view type) {
  return IsOneOf(type, {"byte", "short", "integer", "half_float", "float"});
}

bool IsNumber(std::string_view type) {
  return IsNarrowNumber(type) ||
         IsOneOf(type, {"long", "unsigned_long", "double", "scaled_float", "token_count"});
}

// Types that hold neither texts, numbers, dates nor booleans as dbx-es writes them.
bool IsForeign(std::string_view type) {
  return IsOneOf(type, {"object",       "nested",        "alias",        "flattened",
                        "join",         "percolator",    "binary",       "ip",
                        "ip_range",     "integer_range", "long_range",   "float_range",
                        "double_range", "date_range",    "geo_point",    "geo_shape",
                        "point",        "shape",         "dense_vector", "sparse_vector",
                        "rank_feature", "rank_features", "histogram",    "aggregate_metric_double",
                        "murmur3",      "knn_vector",    "passthrough",  "constant_keyword"});
}

bool RejectsTexts(std::string_view type) {
  return IsForeign(type) || IsNumber(type) || IsOneOf(type, {"boolean", "date", "date_nanos"});
}

std::string_view MappedType(const Value& field) {
  const std::string_view type = StringMember(field, "type");
  // The mapping of an object names no type.
  return type.empty() ? "object" : type;
}

bool IsIndexed(const Value& field) { return BoolMember(field, "index", true); }
bool HasDocValues(const Value& field) { return BoolMember(field, "doc_values", true); }

std::optional<std::uint64_t> IgnoreAbove(const Value& field) {
  return UintMember(field, "ignore_above");
}

bool CutsShorterThan(const Value& field, std::size_t longest) {
  const auto limit = IgnoreAbove(field);
  return limit && *limit < longest;
}

// `ignore_above` is one of the few parameters that can be changed (Elasticsearch: ignore_above).
// Documents get the values that were ignored when they are written again.
std::string RaiseIgnoreAbove(std::string_view index, std::string_view name, const Value& field,
                             bool sub_field) {
  rapidjson::Document raised;
  auto& allocator = raised.GetAllocator();
  raised.CopyFrom(field, allocator);
  Value& keyword = sub_field ? raised["fields"]["keyword"] : static_cast<Value&>(raised);
  keyword["ignore_above"].SetUint64(kMaxPathKey);
  return fmt::format(
      "PUT /{}/_mapping {{\"properties\":{{\"{}\":{}}}}}, then run dbx-es full-sync --force", index,
      name, JsonOf(raised));
}

class Judge {
 public:
  Judge(std::string_view index, const Value& mappings, MappingNeeds needs)
      : index_(index), mappings_(mappings), needs_(needs) {}

  Result<MappingFindings> Run() {
    TRY(JudgeRoot());
    TRY(JudgeSource());
    findings_.id_field = "id.keyword";
    const Value* properties = FindMember(mappings_, "properties");
    for (const FieldRow& field : kContentFields) {
      const Value* found = properties ? FindMember(*properties, field.name) : nullptr;
      if (found == nullptr) {
        findings_.missing.emplace_back(field.name);
      } else {
        TRY(JudgeField(field, *found));
      }
      if (IsUsed(field)) TRY(JudgeShadow(field.name));
    }
    if (properties != nullptr && properties->IsObject()) TRY(JudgeCopies(*properties));
    if (needs_.pipeline) WarnAboutStrict();
    return std::move(findings_);
  }

 private:
  static tl::unexpected<Error> Unusable(std::string message) {
    Error error{ErrorKind::kConfig, std::move(message)};
    error.tag = kMappingTag;
    return Fail(std::move(error));
  }

  tl::unexpected<Error> UnusableIndex(std::string_view problem) const {
    return Unusable(fmt::format("index {} {}: {}", index_, problem, kNewIndex));
  }

  tl::unexpected<Error> UnusableField(std::string_view name, std::string_view problem,
                                      std::string_view fix) const {
    return Unusable(fmt::format("the field \"{}\" of index {} {}: {}", name, index_, problem, fix));
  }

  tl::unexpected<Error> WrongType(std::string_view name, const Value& field,
                                  std::string_view wanted) const {
    std::string how(MappedType(field));
    if (!IsIndexed(field)) how += " without index";
    if (!HasDocValues(field)) how += " without doc_values";
    return Unusable(
        fmt::format("index {} maps the field \"{}\" as {}, but dbx-es needs it as {}: {}", index_,
                    name, how, wanted, kNewIndex));
  }

  bool IsUsed(const FieldRow& field) const {
    if ((field.uses & kRestricts) != 0) return needs_.document_level_security;
    return (field.uses & ~kUnbounded) != 0;
  }

  Result<void> JudgeRoot() const {
    if (!BoolMember(mappings_, "enabled", true)) {
      return UnusableIndex("has a mapping that is disabled, so nothing in it can be searched for");
    }
    const Value* routing = FindMember(mappings_, "_routing");
    if (routing != nullptr && BoolMember(*routing, "required", false)) {
      return UnusableIndex("requires routing, which dbx-es does not use");
    }
    const Value* stream = FindMember(mappings_, "_data_stream_timestamp");
    if (stream != nullptr && BoolMember(*stream, "enabled", false)) {
      return UnusableIndex("takes only documents with a @timestamp, as log data has");
    }
    return {};
  }

  // A partial update writes the document anew from `_source`: what that lacks is gone.
  Result<void> JudgeSource() const {
    const Value* source = FindMember(mappings_, "_source");
    if (source == nullptr) return {};
    if (!BoolMember(*source, "enabled", true) || StringMember(*source, "mode") == "disabled") {
      return UnusableIndex("keeps no _source, but dbx-es compares and updates documents");
    }
    std::vector<std::string_view> fields;
    for (const FieldRow& field : kContentFields) fields.push_back(field.name);
    if (needs_.pipeline) fields.emplace_back("attachment");
    for (const std::string_view field : fields) {
      if (!IsKept(*source, field)) {
        return UnusableIndex(fmt::format(
            "keeps \"{}\" out of _source, so that a partial update would remove it", field));
      }
    }
    return {};
  }

  static bool IsKept(const Value& source, std::string_view field) {
    const auto matches = [field](std::string_view pattern) {
      return MatchesPattern(pattern, field) || IsInside(pattern, field);
    };
    const auto includes = TextsOf(FindMember(source, "includes"));
    const auto excludes = TextsOf(FindMember(source, "excludes"));
    return (includes.empty() || std::any_of(includes.begin(), includes.end(), matches)) &&
           std::none_of(excludes.begin(), excludes.end(), matches);
  }

  // "attachment.content" takes a part of `attachment`.
  static bool IsInside(std::string_view pattern, std::string_view field) {
    return pattern.size() > field.size() && pattern.substr(0, field.size()) == field &&
           pattern[field.size()] == '.';
  }

  // Patterns with any number of stars (Elasticsearch: _source field).
  static bool MatchesPattern(std::string_view pattern, std::string_view text) {
    const std::size_t star = pattern.find('*');
    if (star == std::string_view::npos) return pattern == text;
    if (text.substr(0, star) != pattern.substr(0, star)) return false;
    pattern.remove_prefix(star + 1);
    for (std::size_t skip = star; skip <= text.size(); ++skip) {
      if (MatchesPattern(pattern, text.substr(skip))) return true;
    }
    return false;
  }

  Result<void> JudgeField(const FieldRow& row, const Value& field) {
    TRY(JudgeSubFields(row, field));
    if (row.name == "id") return JudgeId(row, field);
    if (IsUsed(row)) return JudgeUsed(row, field);
    return JudgeShown(row, field);
  }

  // A sub-field that does not take a value rejects the whole document.
  Result<void> JudgeSubFields(const FieldRow& row, const Value& field) const {
    const Value* subs = FindMember(field, "fields");
    const bool text = row.type != FieldType::kLong && row.type != FieldType::kDate &&
                      row.type != FieldType::kBoolean;
    if (!text || subs == nullptr || !subs->IsObject()) return {};
    for (const auto& [name, sub] : subs->GetObject()) {
      const std::string_view type = MappedType(sub);
      const bool counts = IsOneOf(type, {"token_count", "murmur3"});
      if (!counts && RejectsTexts(type) && !BoolMember(sub, "ignore_malformed", false)) {
        return WrongType(fmt::format("{}.{}", row.name, View(name)), sub, "text or keyword");
      }
    }
    return {};
  }

  Result<void> JudgeId(const FieldRow& row, const Value& field) {
    const Value* keyword = FindPath(field, {"fields", "keyword"});
    if (keyword != nullptr && IsUsable(*keyword, "keyword")) {
      TRY(JudgeShown(row, field));
      return JudgeKeyword(row, field, *keyword, row.longest);
    }
    if (!IsUsable(field, "keyword")) {
      return WrongType(row.name, field, "keyword, or with a keyword sub-field \"id.keyword\"");
    }
    findings_.id_field = "id";
    return JudgeKeyword(row, field, field, row.longest);
  }

  static bool IsUsable(const Value& field, std::string_view type) {
    return MappedType(field) == type && IsIndexed(field) && HasDocValues(field);
  }

  Result<void> JudgeUsed(const FieldRow& row, const Value& field) const {
    if ((row.uses & kRestricts) != 0) return JudgeReaders(row, field);
    if (row.uses == kExists) return JudgeExists(row, field, row.longest);
    if (!IsUsable(field, TypeName(row.type))) return WrongType(row.name, field, TypeName(row.type));
    return JudgeKeyword(row, field, field, row.longest);
  }

  // What a keyword does to the values that dbx-es compares. `field` is all of it; `keyword` is it
  // or its sub-field.
  Result<void> JudgeKeyword(const FieldRow& row, const Value& field, const Value& keyword,
                            std::size_t longest) const {
    if (CutsShorterThan(keyword, longest)) {
      return UnusableField(
          row.name,
          fmt::format("ignores values of more than {} characters (ignore_above), which searches "
                      "then do not find",
                      *IgnoreAbove(keyword)),
          RaiseIgnoreAbove(index_, row.name, field, &keyword != &field));
    }
    for (const std::string_view parameter : {"normalizer", "null_value", "script"}) {
      const Value* set = FindMember(keyword, parameter);
      if (set == nullptr || set->IsNull()) continue;
      return UnusableField(
          row.name,
          fmt::format("has a {}, which changes the values that dbx-es compares", parameter),
          kNewIndex);
    }
    return {};
  }

  // `exists` is true for indexed text, and for a keyword with an index or doc values.
  Result<void> JudgeExists(const FieldRow& row, const Value& field, std::size_t longest) const {
    const std::string_view type = MappedType(field);
    if (IsOneOf(type, {"text", "match_only_text", "annotated_text", "search_as_you_type"})) {
      if (IsIndexed(field)) return {};
      return WrongType(row.name, field, "indexed text or keyword");
    }
    const bool found = type == "keyword" && (IsIndexed(field) || HasDocValues(field));
    if (!found) return WrongType(row.name, field, "indexed text or keyword");
    return JudgeKeyword(row, field, field, longest);
  }

  // The query of an identity document compares the sub-field, and takes a document without a value
  // in the main field for everybody's.
  Result<void> JudgeReaders(const FieldRow& row, const Value& field) const {
    const Value* keyword = FindPath(field, {"fields", "keyword"});
    if (keyword == nullptr || !IsUsable(*keyword, "keyword")) {
      return WrongType(row.name, field, "text with a keyword sub-field \"keyword\"");
    }
    TRY(JudgeKeyword(row, field, *keyword, row.longest));
    return JudgeExists(row, field, kLongestReader);
  }

  Result<void> JudgeShown(const FieldRow& row, const Value& field) {
    const std::string_view type = MappedType(field);
    // An object that is disabled takes any value.
    const bool takes_all = type == "object" && !BoolMember(field, "enabled", true);
    const bool drops = type != "alias" && BoolMember(field, "ignore_malformed", false);
    if (takes_all || drops) return {};
    switch (row.type) {
      case FieldType::kLong:
        if (IsForeign(type) || IsNarrowNumber(type) ||
            IsOneOf(type, {"boolean", "date", "date_nanos"})) {
          return WrongType(row.name, field, "long");
        }
        return {};
      case FieldType::kDate:
        return JudgeDate(row, field);
      case FieldType::kBoolean:
        if (IsForeign(type) || IsNumber(type) || IsOneOf(type, {"date", "date_nanos"})) {
          return WrongType(row.name, field, "boolean");
        }
        return {};
      default:
        if (RejectsTexts(type)) return WrongType(row.name, field, TypeName(row.type));
        return (row.uses & kUnbounded) != 0 ? JudgeUnbounded(row, field) : Result<void>();
    }
  }

  Result<void> JudgeDate(const FieldRow& row, const Value& field) {
    const std::string_view type = MappedType(field);
    if (IsForeign(type) || IsNumber(type) || type == "boolean") {
      return WrongType(row.name, field, "date");
    }
    if (type != "date" && type != "date_nanos") return {};
    const std::string_view format = StringMember(field, "format");
    if (!ReadsUtcTimes(format)) {
      return UnusableField(row.name,
                           fmt::format("has the format \"{}\", which does not read times such as "
                                       "2026-01-31T10:20:30Z",
                                       format),
                           kNewIndex);
    }
    if (type == "date_nanos") {
      findings_.warnings.push_back(
          fmt::format("the field \"{}\" of index {} is a date_nanos: documents with a date before "
                      "1970 or after 2262 are rejected",
                      row.name, index_));
    }
    return {};
  }

  // A keyword without a limit rejects the whole document.
  Result<void> JudgeUnbounded(const FieldRow& row, const Value& field) const {
    const auto rejects = [](const Value& one) {
      const auto limit = IgnoreAbove(one);
      return MappedType(one) == "keyword" && (IsIndexed(one) || HasDocValues(one)) &&
             (!limit || *limit > kLongestTerm);
    };
    bool rejected = rejects(field);
    if (const Value* subs = FindMember(field, "fields"); subs != nullptr && subs->IsObject()) {
      for (const auto& [name, sub] : subs->GetObject()) rejected = rejected || rejects(sub);
    }
    if (!rejected) return {};
    return UnusableField(row.name,
                         "is a keyword without ignore_above, which rejects documents with a value "
                         "of more than 32,766 bytes",
                         kNewIndex);
  }

  // A runtime field of the same name is what searches see.
  Result<void> JudgeShadow(std::string_view name) const {
    const Value* runtime = FindMember(mappings_, "runtime");
    if (runtime == nullptr || !runtime->IsObject()) return {};
    for (const std::string& field : {std::string(name), fmt::format("{}.keyword", name)}) {
      if (FindMember(*runtime, field) == nullptr) continue;
      return UnusableField(
          field, "is hidden from searches by a runtime field",
          fmt::format("PUT /{}/_mapping {{\"runtime\":{{\"{}\":null}}}}", index_, field));
    }
    return {};
  }

  // `copy_to` adds the values of one field to another one: names of files to access lists, say.
  Result<void> JudgeCopies(const Value& properties) const {
    for (const auto& [name, field] : properties.GetObject()) {
      for (const std::string_view copy : TextsOf(FindMember(field, "copy_to"))) {
        const auto* target = std::find_if(std::begin(kContentFields), std::end(kContentFields),
                                          [copy](const FieldRow& row) { return row.name == copy; });
        if (target == std::end(kContentFields) || !IsUsed(*target)) continue;
        return UnusableField(
            copy, fmt::format("also gets the values of \"{}\" (copy_to)", View(name)), kNewIndex);
      }
      const Value* inner = FindMember(field, "properties");
      if (inner != nullptr && inner->IsObject()) TRY(JudgeCopies(*inner));
    }
    return {};
  }

  // What a pipeline adds, and the switches that it gets, are fields that the mapping must take.
  void WarnAboutStrict() {
    if (StringMember(mappings_, "dynamic") != "strict") return;
    findings_.warnings.push_back(
        fmt::format("index {} rejects documents with fields that its mapping lacks (dynamic: "
                    "strict), such as those that a pipeline adds: PUT /{}/_mapping "
                    "{{\"dynamic\":true}}",
                    index_, index_));
  }

  std::string_view index_;
  const Value& mappings_;
  MappingNeeds needs_;
  MappingFindings findings_;
};

}  // namespace

Result<MappingFindings> JudgeMapping(std::string_view index, const rapidjson::Value& mappings,
                                     MappingNeeds needs) {
  return Judge(index, mappings, needs).Run();
}

std::string AccessControlIdField(const rapidjson::Value& mappings) {
  const auto usable = [](const Value* field) {
    return field != nullptr && MappedType(*field) == "keyword" && IsIndexed(*field) &&
           HasDocValues(*field);
  };
  const Value* id = FindPath(mappings, {"properties", "id"});
  if (id == nullptr) return {};
  if (usable(id)) return "id";
  return usable(FindPath(*id, {"fields", "keyword"})) ? "id.keyword" : "";
}

}  // namespace dbxes::elastic
