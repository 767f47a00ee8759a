// SPDX-License-Identifier: Apache-2.0
#include "check/explain.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "base/clock.h"
#include "base/json/json.h"
#include "base/random.h"
#include "base/tree_path.h"
#include "check/person.h"
#include "delta/one_entry.h"
#include "documents/document.h"
#include "elastic/client.h"
#include "elastic/index_setup.h"
#include "elastic/multi_get.h"
#include "permissions/permission_reader.h"
#include "permissions/unshared_readers.h"
#include "report/summary.h"
#include "sync/plan/sync_plan.h"
#include "sync/stages/rule_judge.h"

namespace dbxes::check {
namespace {

using Values = std::vector<std::string>;

Values ValuesOf(const rapidjson::Value* list) {
  const auto texts = TextsOf(list);
  return {texts.begin(), texts.end()};
}

Values Common(const Values& some, const Values& others) {
  Values common;
  for (const std::string& value : some) {
    if (std::find(others.begin(), others.end(), value) != others.end()) common.push_back(value);
  }
  return common;
}

// What Dropbox says about the readers of a document.
struct Readers {
  permissions::Permission permission;
  std::string shared_folder_id;
  std::string link_problem;
  bool no_such_file = false;  // Dropbox does not have it, or not for this account
};

class Explanation {
 public:
  Explanation(Environment& environment, const config::Config& config, const std::string& user,
              report::Reporter& reporter)
      : config_(config),
        files_(environment.files),
        loop_(environment.http, environment.clock, environment.stop_signal),
        dropbox_(
            loop_, config,
            [&](const Error& error, Milliseconds) { reporter.Detail(error.ToLine()); },
            SeedOf(environment.seed, "dropbox")),
        elastic_(loop_, config.elasticsearch, config.sync,
                 SeedOf(environment.seed, "elasticsearch")),
        person_(user, config.dropbox.include_link_visibility) {}

  Result<Values> Run(const ExplainQuestion& question) {
    TRY_ASSIGN(const auto account, dropbox_.DiscoverAccount());
    dropbox_.ActAs(account);
    const std::string document = WithoutFinalSlash(question.document);
    const delta::OneEntry found = delta::AskEntry(dropbox_, document);
    const auto answer = loop_.Await(found.answer);
    const bool absent = !answer && answer.error().kind == ErrorKind::kNotFound;
    if (!answer && !absent) return Fail(answer.error());
    if (absent && document.substr(0, 3) != "id:") return NoSuchFile(document);
    const delta::Entry* entry =
        absent || found.entry().path_lower.empty() ? nullptr : &found.entry();
    const std::string id = absent ? document : std::string(found.entry().id);
    TRY(Identify(account));
    TRY_ASSIGN(const auto readers, AskDropbox(account, id, entry));
    TRY(FindIdentity(person_.email()));
    Say("identity: " + person_.Describe(config_.dropbox.use_document_level_security));
    TRY(SayDocument(account, id, entry, readers));
    TRY_ASSIGN(const auto shown, AskIndex(id));
    if (readers.no_such_file) {
      if (!shown) return NoSuchFile(document);
      Say("index and Dropbox differ: run dbx-es incremental, and dbx-es full-sync if that does not "
          "delete it");
      return std::move(lines_);
    }
    const auto may = SayWhoReads(readers);
    if (shown && may && *shown != *may) SayThatTheyDiffer();
    return std::move(lines_);
  }

 private:
  void Say(std::string line) { lines_.push_back(std::move(line)); }

  static tl::unexpected<Error> NoSuchFile(const std::string& document) {
    return Fail(ErrorKind::kNotFound, fmt::format("Dropbox has no file or folder {}", document));
  }

  void SayThatTheyDiffer() {
    Say(config_.dropbox.use_document_level_security
            ? "index and Dropbox differ: run dbx-es incremental, then dbx-es acl-sync"
            : "index and Dropbox differ, because dropbox.use_document_level_security is off: "
              "everyone who may search the index sees every document");
  }

  Result<void> SayDocument(const dropbox::Account& account, const std::string& id,
                           const delta::Entry* entry, const Readers& readers) {
    if (entry != nullptr) {
      Say(fmt::format("document: {} ({})", entry->path_display, id));
      return SayWhatLeavesOut(account, *entry);
    }
    Say(readers.no_such_file
            ? fmt::format("document: {}, which Dropbox does not have, or not for this account", id)
            : fmt::format("document: {}, which has no path in Dropbox", id));
    return {};
  }

  // The folder of the settings that it is in, as Dropbox lower-cases it, which only Dropbox knows.
  Result<std::optional<std::string>> FolderAround(const delta::Entry& entry) {
    for (const std::string& path : config_.dropbox.paths) {
      if (path.empty()) return path;
      const delta::OneEntry folder = delta::AskEntry(dropbox_, path);
      const auto answer = loop_.Await(folder.answer);
      if (!answer && answer.error().kind == ErrorKind::kNotFound) continue;
      TRY(answer);
      const std::string_view path_lower = folder.entry().path_lower;
      if (LiesIn(entry.path_lower, path_lower)) return std::string(path_lower);
    }
    return std::nullopt;
  }

  Result<void> SayWhatLeavesOut(const dropbox::Account& account, const delta::Entry& entry) {
    TRY_ASSIGN(const auto folder, FolderAround(entry));
    if (folder) {
      SayWhichRule(account, entry, *folder);
    } else {
      Say(fmt::format("left out: it is outside of dropbox.path, which is {}",
                      FolderListText(config_.dropbox.paths)));
    }
    return {};
  }

  // Patterns and basic rules, without those of Kibana: advanced ones would have to search.
  void SayWhichRule(const dropbox::Account& account, const delta::Entry& entry,
                    const std::string& folder) {
    auto rules = sync::RulesOf(config_, files_);
    if (!rules) return Say("sync rules: cannot be read: " + rules.error().message);
    rules->patterns.folders = {folder};
    if (!rules->Chooses()) return;
    const sync::RuleJudge judge(*rules, {config_.dropbox.web_url, account.home_namespace_id,
                                         !config_.elasticsearch.pipeline.empty()});
    const rules::RuleDecision decision = judge.Judge(entry);
    if (decision.policy == rules::Policy::kInclude) return;
    Say(fmt::format("left out: {}", judge.Describe(decision)));
  }

  // `_source` of a document, null if the index has none.
  Result<rapidjson::Document> Source(const std::string& index, const std::string& id) {
    TRY_ASSIGN(const auto sources,
               WithContext(elastic::ReadSources(elastic_, index, {id}), "reading from the index"));
    rapidjson::Document source;
    source.CopyFrom(sources[0], source.GetAllocator());
    return source;
  }

  // The identity in the index, whose id is an e-mail address as Dropbox has it.
  Result<void> FindIdentity(const std::string& email) {
    if (person_.has_identity() || email.empty()) return {};
    const std::string index = elastic::AccessControlIndexName(config_.elasticsearch.index);
    TRY_ASSIGN(const auto identity, Source(index, email));
    if (!identity.IsObject()) return {};
    person_.HaveIdentity(
        ValuesOf(FindPath(identity, {"query", "template", "params", "access_control"})));
    return {};
  }

  // Without an identity, a person is who Dropbox shows: the account, one of the team and, while the
  // document's members are read, one of these.
  Result<void> Identify(const dropbox::Account& account) {
    TRY(FindIdentity(person_.name()));
    if (person_.has_identity()) return {};
    person_.Meet(account);
    if (account.team_member_id.empty()) return {};
    const auto team = permissions::ListTeamMembers(loop_, dropbox_);
    if (!team && team.error().kind == ErrorKind::kInterrupted) return Fail(team.error());
    if (!team) Say("team: its members cannot be read: " + team.error().ToLine());
    if (!team) return {};
    for (const dropbox::TeamMember& member : *team) person_.Meet(member);
    return FindIdentity(person_.email());
  }

  // Whether the index shows the document; nothing if the index does not contain it.
  Result<std::optional<bool>> AskIndex(const std::string& id) {
    TRY_ASSIGN(auto source, Source(config_.elasticsearch.index, id));
    if (!source.IsObject()) {
      Say("index: has no such document");
      return std::nullopt;
    }
    const Values readers = ValuesOf(FindMember(source, "_allow_access_control"));
    const Values common = Common(person_.in_index(), readers);
    if (readers.empty()) {
      Say("index: shows it to everyone, because it has no access list");
      return std::optional(true);
    }
    Say(common.empty()
            ? fmt::format("index: does not show it; none of {}'s identities is among its {}, {}",
                          person_.name(), CountReaders(readers), Sample(readers))
            : fmt::format("index: shows it; among its {} is {}", CountReaders(readers),
                          fmt::join(common, ", ")));
    return std::optional(!common.empty());
  }

  static std::string CountReaders(const Values& readers) {
    return fmt::format("{} reader{}", readers.size(), readers.size() == 1 ? "" : "s");
  }

  // "which is ANN", "which are ANN, BEA, ...".
  static std::string Sample(const Values& readers) {
    constexpr std::size_t kMost = 5;
    const auto end = readers.begin() + static_cast<std::ptrdiff_t>(std::min(kMost, readers.size()));
    return fmt::format("which {} {}{}", readers.size() == 1 ? "is" : "are",
                       fmt::join(readers.begin(), end, ", "),
                       readers.size() > kMost ? ", ..." : "");
  }

  Result<Readers> AskDropbox(const dropbox::Account& account, const std::string& id,
                             const delta::Entry* entry) {
    permissions::PermissionSettings settings;
    settings.account = account;
    settings.inherit = config_.dropbox.include_inherited_users_and_groups;
    settings.links = config_.dropbox.include_link_visibility;
    permissions::PermissionReader reader(loop_, dropbox_, std::move(settings));
    reader.OnMember([this](const dropbox::Member& member) { person_.Meet(member); });
    permissions::PermissionQuery query{id, "", "", false, /*has_own_members=*/true};
    if (entry != nullptr) {
      query = {id, entry->path_lower, documents::SharedFolderOf(*entry),
               entry->kind == delta::EntryKind::kFolder, entry->has_explicit_shared_members};
    }
    TRY_ASSIGN(auto read, reader.Read({query}));
    Readers readers{std::move(read.front()), std::string(query.shared_folder_id),
                    reader.link_problem()};
    readers.no_such_file = entry == nullptr && readers.permission.unknown;
    return readers;
  }

  // Whether Dropbox lets the user read it; nothing if that is not known.
  std::optional<bool> SayWhoReads(const Readers& readers) {
    const permissions::Permission& permission = readers.permission;
    if (!permission.Readable()) {
      Say("Dropbox: its members cannot be read: " + permission.problem);
      return std::nullopt;
    }
    Say(readers.shared_folder_id.empty()
            ? "Dropbox: it is in no shared folder"
            : fmt::format("Dropbox: it is in shared folder {}", readers.shared_folder_id));
    const auto may = SayVerdict(permission.list->values);
    if (permission.link_audience != dropbox::LinkAudience::kNobody) {
      Say(fmt::format("Dropbox: a shared link lets in {}",
                      permission.link_audience == dropbox::LinkAudience::kTeam ? "the whole team"
                                                                               : "everyone"));
    }
    if (!readers.link_problem.empty()) {
      Say("Dropbox: shared links cannot be read: " + readers.link_problem);
    }
    for (const std::string& membership : person_.memberships()) Say("Dropbox: " + membership);
    return may;
  }

  std::optional<bool> SayVerdict(const Values& readers) {
    const Values common = person_.Among(readers);
    if (!common.empty()) {
      Say(fmt::format("Dropbox: {} may read it, as {}", person_.name(), fmt::join(common, ", ")));
      return true;
    }
    Values groups;
    std::copy_if(readers.begin(), readers.end(), std::back_inserter(groups),
                 [](const std::string& value) { return value.compare(0, 6, "group:") == 0; });
    if (groups.empty() || person_.knows_groups()) {
      Say(fmt::format("Dropbox: {} may not read it", person_.name()));
      return false;
    }
    Say(fmt::format("Dropbox: {} is none of its members; it is not known here who is in {}",
                    person_.name(), fmt::join(groups, ", ")));
    return std::nullopt;
  }

  const config::Config& config_;
  FileSystem& files_;
  EventLoop loop_;
  dropbox::Client dropbox_;
  elastic::Client elastic_;
  Person person_;
  Values lines_;
};

}  // namespace

report::RunSummary RunExplanation(Environment& environment, const config::Config& config,
                                  const ExplainQuestion& question, report::Reporter& reporter) {
  const Milliseconds begin = environment.clock.Now();
  Explanation explanation(environment, config, question.user, reporter);
  auto answer = explanation.Run(question);
  report::RunSummary summary =
      report::SummaryOf("explain", answer ? Result<void>() : Fail(answer.error()));
  if (answer) summary.answer = *std::move(answer);
  summary.duration = environment.clock.Now() - begin;
  return summary;
}

}  // namespace dbxes::check
