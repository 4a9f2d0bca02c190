namespace Libp2p.Fuzz.Mutation;

/// <summary>What every run of the tests does with a target: all that is known, then mutations of it that a seed decides.</summary>
internal static class MutationRun
{
    /// <summary>Mutations in the tests.</summary>
    public const int Executions = 20_000;

    /// <exception cref="InvalidOperationException">A defect; the message says where its input is and how to run it again.</exception>
    public static void Run(FuzzTarget target, ulong seed, int executions)
    {
        var inputs = FuzzFolders.Inputs(target);
        foreach (var input in inputs)
        {
            Try(target, input, "a known input");
        }

        var mutator = new Mutator(target, seed);
        for (var i = 0; i < executions; i++)
        {
            Try(target, mutator.Next(inputs), $"mutation {i} of seed {seed}");
        }
    }

    private static void Try(FuzzTarget target, ReadOnlySpan<byte> input, string which)
    {
        if (Execution.Try(target, input) is not { } defect)
        {
            return;
        }

        var path = FuzzFolders.Save(Path.Combine(FuzzFolders.Campaigns, "failed", target.Name), input);
        throw new InvalidOperationException(
            $"{target.Name}, {which}: {defect.Message}\nThe input is {path}; to run it again:\n  dotnet run --project tests/Libp2p.Fuzz -- replay {target.Name} {path}\nOnce it is understood it belongs to tests/Libp2p.Fuzz/findings/{target.Name}.", defect);
    }
}
