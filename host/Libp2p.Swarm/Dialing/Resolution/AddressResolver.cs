using System.Runtime.CompilerServices;

namespace Libp2p.Swarm.Dialing.Resolution;

/// <summary>Finds the addresses that a name leads to.</summary>
internal sealed class AddressResolver(DialOptions options, NodeRuntime runtime)
{
    public async IAsyncEnumerable<IReadOnlyList<DialTarget>> ResolveAsync(DialTarget name, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _ = options;
        _ = runtime;
        await Task.CompletedTask.ConfigureAwait(false);
        yield return [];
    }
}
