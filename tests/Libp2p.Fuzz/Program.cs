using System.CommandLine;
using Libp2p.Fuzz.Commands;
using Libp2p.Fuzz.Loop;

// In the instrumented copy nothing else may run before this.
_ = CoverageMap.Shared;

var root = new RootCommand("Runs the bytes of strangers through whatever they reach.") { CampaignCommand.Create(), CampaignCommand.Merge(), ReplayCommand.Create(), ReplayCommand.Mutate(), ReplayCommand.List() };
foreach (var worker in CampaignCommand.Workers())
{
    root.Subcommands.Add(worker);
}

// A campaign that is interrupted still reports.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });
