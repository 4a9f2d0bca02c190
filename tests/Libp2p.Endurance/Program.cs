using System.CommandLine;
using Libp2p.Endurance.Kills;
using Libp2p.Endurance.Loads;
using Libp2p.Endurance.Soak;
using Libp2p.Endurance.StoreKills;

var root = new RootCommand("Runs what only time shows.") { KillsCommand.Create(), StoreKillsCommand.Create(), StoreKillsCommand.Writer(), SoakCommand.Create(), SoakCommand.Node(), LoadCommand.Create(), LoadCommand.Node() };

// One that is interrupted still ends its processes and reports.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });
