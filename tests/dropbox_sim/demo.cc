// SPDX-License-Identifier: Apache-2.0
#include "dropbox_sim/demo.h"

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace dbxes::sim {
namespace {

struct DemoFile {
  std::string_view path;
  std::string_view text;
};

constexpr DemoFile kFiles[] = {
    {"/Welcome.txt", "Welcome to the demo Dropbox. Search it for 'penguin' or for 'renewal'.\n"},
    {"/Contracts/2026/Northwind supply agreement.txt",
     "Supply agreement between Example Ltd and Northwind Traders. Term: 24 months. Automatic "
     "renewal unless notice is given "
     "three months before the end. Governing law: Ireland.\n"},
    {"/Contracts/2026/Office lease Lisbon.md",
     "# Office lease, Lisbon\n\nRua do Ouro 12. Rent 4,200 EUR a month. Break clause after three "
     "years.\n"},
    {"/Contracts/2025/Cleaning services.txt",
     "Cleaning services, weekly, by Sparkle and Sons. Cancelled in March.\n"},
    {"/Contracts/2025/NDA Fabrikam.html",
     "<html><head><title>NDA Fabrikam</title></head><body><h1>Non-disclosure agreement</h1><p>Both "
     "parties keep the "
     "penguin project confidential for five years.</p></body></html>\n"},
    {"/Contracts/Archive/Old lease.txt", "Superseded by the lease in Lisbon.\n"},
    {"/Meeting notes/2026-01-12 kickoff.md",
     "# Kickoff\n\nPresent: Ana, Bruno, Chiara. The penguin project starts on Monday.\n"},
    {"/Meeting notes/2026-01-19 weekly.md",
     "# Weekly\n\nBruno reports that the prototype boots. Chiara asks for a budget.\n"},
    {"/Meeting notes/2026-01-26 weekly.md",
     "# Weekly\n\nBudget approved: 30,000 EUR. Risk: the supplier's delivery in April.\n"},
    {"/Meeting notes/2026-02-02 retrospective.md",
     "# Retrospective\n\nGood: short meetings. Bad: too many of them.\n"},
    {"/Finance/Budget 2026.csv",
     "department,quarter,amount\nengineering,Q1,120000\nmarketing,Q1,45000\nlegal,Q1,18000\n"},
    {"/Finance/Invoices/INV-1001.txt",
     "Invoice 1001. Customer: Contoso. Total: 1,250.00 EUR. Due in 30 days.\n"},
    {"/Finance/Invoices/INV-1002.txt",
     "Invoice 1002. Customer: Fabrikam. Total: 980.50 EUR. Paid.\n"},
    {"/Finance/Invoices/INV-1003.txt",
     "Invoice 1003. Customer: Northwind. Total: 12,400.00 EUR. Reminder sent.\n"},
    {"/Finance/Travel expenses.json",
     "{\"traveller\": \"Ana Diaz\", \"trip\": \"Lisbon\", \"total\": 412.80}\n"},
    {"/Photos/Readme.txt", "Photos of the team day. Do not publish without asking.\n"},
    {"/Personal/Рецепт борща.txt", "Свёкла, капуста, картофель, морковь. Варить сорок минут.\n"},
    {"/Personal/Ελλάδα/Σημειώσεις.txt", "Οι διακοπές στην Ελλάδα αρχίζουν τον Ιούλιο.\n"},
    {"/Personal/日本/旅行計画.txt", "東京に三日、京都に四日。\n"},
    {"/Personal/Überweisung Münster.txt", "Überweisung an die Stadtwerke Münster: 89,90 EUR.\n"},
    {"/Personal/Party 🎉 list.txt", "Cake, balloons, a band, forty chairs.\n"},
    {"/Personal/quotes \"and\" 100% #odd.txt", "A name that breaks careless clients.\n"},
    {"/Personal/empty.txt", ""},
    {"/Projects/Penguin/Plan.md",
     "# Penguin\n\nA search for everything the company wrote. Milestones: March, June, "
     "September.\n"},
    {"/Projects/Penguin/Budget.csv", "item,cost\nservers,9000\nlicences,0\ncoffee,700\n"},
    {"/Projects/Penguin/Design/Architecture.md",
     "# Architecture\n\nOne thread, one event loop, data flowing one way.\n"},
    {"/Projects/Penguin/Design/Decisions.md",
     "# Decisions\n\n1. No service to run. 2. One state file per target.\n"},
};

// The smallest files that a viewer opens, one of each content type.
std::string TinyJpeg(char salt) {
  return std::string("\xFF\xD8\xFF\xE0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00", 20) +
         salt + "\xFF\xD9";
}

void AddPeople(Tree* tree, const std::string& shared_folder_id) {
  Account bruno;
  bruno.given_name = "Bruno";
  bruno.surname = "Costa";
  bruno.email = "bruno.costa@example.com";
  const std::string bruno_id = tree->people().AddAccount(bruno);
  Account chiara;
  chiara.given_name = "Chiara";
  chiara.surname = "Rossi";
  chiara.email = "chiara.rossi@example.com";
  const std::string chiara_id = tree->people().AddAccount(chiara);
  const std::string group = tree->people().AddGroup("Engineering", {bruno_id, chiara_id});
  tree->folders().SetMembers(
      shared_folder_id, {{MemberKind::kUser, tree->people().primary().account_id, "owner", false},
                         {MemberKind::kUser, bruno_id, "editor", false},
                         {MemberKind::kGroup, group, "viewer", false},
                         {MemberKind::kInvitee, "supplier@northwind.example", "viewer", false}});
  tree->shares().SetExplicitMembers("/Finance/Budget 2026.csv",
                                    {{MemberKind::kUser, chiara_id, "viewer", false}});
}

}  // namespace

void AddDemo(Tree* tree) {
  std::int64_t day = 1767225600;  // 2026-01-01: times do not depend on when the demo runs
  for (const DemoFile& file : kFiles) {
    FileOptions options;
    options.server_modified_s = day += 90061;
    tree->AddFile(file.path, file.text, options);
  }
  for (char i = '1'; i <= '6'; ++i) {
    FileOptions options;
    options.server_modified_s = day += 3600;
    tree->AddFile(fmt::format("/Photos/Team day/IMG_000{}.jpg", i), TinyJpeg(i), options);
  }
  tree->AddPaper("/Meeting notes/Roadmap.paper",
                 "# Roadmap\n\nFirst the penguin project, then holidays.\n");
  tree->AddFolder("/Empty folder");
  const std::string shared = tree->folders().ShareFolder("/Projects/Penguin");
  AddPeople(tree, shared);
  FileOptions received;
  received.server_modified_s = day;
  tree->shares().AddReceivedFile("Offer from Contoso.txt",
                                 "Offer: 40 hours of consulting at 95 EUR, valid until June.\n",
                                 received);
}

}  // namespace dbxes::sim
