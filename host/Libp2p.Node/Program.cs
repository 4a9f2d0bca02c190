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
return await root.Parse(args).InvokeAsync();
