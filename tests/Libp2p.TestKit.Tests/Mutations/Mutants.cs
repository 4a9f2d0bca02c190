namespace Libp2p.TestKit.Tests.Mutations;

/// <summary>Proves that a test of a suite can fail: it is run against an implementation that breaks its rule, and must not pass.</summary>
internal static class Mutants
{
    /// <summary>How long a suite waits for what a mutant never does.</summary>
    public static TimeSpan ShortPatience { get; } = TimeSpan.FromMilliseconds(700);

    public static async Task ShouldBeCaughtAsync(Func<Task> test, string rule)
    {
        try
        {
            await test();
        }
        catch (Exception)
        {
            return;
        }

        throw new ShouldAssertException($"The mutant passed: {rule}.");
    }
}
