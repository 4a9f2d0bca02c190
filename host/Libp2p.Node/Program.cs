using System.CommandLine;
using Libp2p.Node;
using Libp2p.Node.Commands;

var root = new RootCommand("A libp2p node. Without a command it runs until interrupted.");
var common = new CommonOptions(root);
RunCommand.Configure(root, common);
root.Subcommands.Add(PingCommand.Create(common));
root.Subcommands.Add(IdentifyCommand.Create(common));
root.Subcommands.Add(IdCommand.Create(common));
root.Subcommands.Add(PluginsCommand.Create(common));
root.Subcommands.Add(StatusCommand.Create(common));
root.Subcommands.Add(PeersCommand.Create(common));
root.Subcommands.Add(StopCommand.Create(common));

// On a signal a node drains; it must not be killed half way by the parser's own, shorter patience.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });
