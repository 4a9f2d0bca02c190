using System.CommandLine;
using Libp2p.Fuzz.Mutation;

namespace Libp2p.Fuzz.Commands;

/// <summary><c>list</c>, <c>replay</c> and <c>mutate</c>: single inputs, and those that the tests run.</summary>
internal static class ReplayCommand
{
    public static Command List()
    {
        var command = new Command("list", "List the targets.");
        command.SetAction(_ =>
        {
            foreach (var target in FuzzTargets.All)
            {
                Console.WriteLine($"{target.Name,-46}{FuzzFolders.Files(FuzzFolders.Corpus(target.Name)).Count(),5} in the corpus{FuzzFolders.Files(FuzzFolders.Findings(target.Name)).Count(),5} findings");
            }
        });
        return command;
    }

    public static Command Create()
    {
        var target = new Argument<string>("target") { Description = "The target." };
        var files = new Argument<string[]>("files") { Description = "Inputs.", Arity = ArgumentArity.OneOrMore };
        var command = new Command("replay", "Run inputs through a target; a defect shows where it is.") { target, files };
        command.SetAction(result =>
        {
            foreach (var file in result.GetValue(files)!)
            {
                Execution.Run(FuzzTargets.Get(result.GetValue(target)!), File.ReadAllBytes(file));
                Console.WriteLine($"{file}: well");
            }
        });
        return command;
    }

    public static Command Mutate()
    {
        var targets = Targets.Option();
        var seed = new Option<ulong>("--seed") { Description = "Of the mutations.", DefaultValueFactory = _ => 1, HelpName = "N" };
        var executions = new Option<int>("--executions", "-n") { Description = "How many.", DefaultValueFactory = _ => MutationRun.Executions, HelpName = "N" };
        var command = new Command("mutate", "Run what the tests run: corpus, findings, and mutations of them that a seed decides.") { targets, seed, executions };
        command.SetAction(result =>
        {
            foreach (var target in Targets.Find(result.GetValue(targets)!))
            {
                var start = DateTime.UtcNow;
                MutationRun.Run(target, result.GetValue(seed), result.GetValue(executions));
                Console.WriteLine($"{target.Name,-46}{(DateTime.UtcNow - start).TotalSeconds,8:0.0} s");
            }
        });
        return command;
    }
}
