using SharpFuzz;

namespace Libp2p.Fuzz.Campaigns;

/// <summary>What AFL++ starts: one process that takes one input after the other.</summary>
internal static class AflHarness
{
    public static int Run(string name)
    {
        var target = FuzzTargets.Get(name);
        foreach (var seed in target.Seeds)
        {
            Execution.Try(target, seed);
        }

        var buffer = new byte[target.MaxLength];
        Fuzzer.Run(stream =>
        {
            var length = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            Execution.Run(target, buffer.AsSpan(0, length));
        });
        return 0;
    }
}
