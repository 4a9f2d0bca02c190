using Libp2p;

namespace Acme.Protocol_1;

/// <summary>Options: <c>Libp2p:Plugins:sample-plugin</c> in a node's configuration.</summary>
public sealed class SampleOptions : IValidatableOptions
{
    /// <summary>What a reply begins with. Default "hello"; 1 to 256 characters.</summary>
    public string Greeting { get; set; } = "hello";

    /// <summary>How long a remote may take for its next request. Default 1 minute; 1 second to 1 hour.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    public IEnumerable<string> Validate()
    {
        if (Greeting.Length is < 1 or > 256)
        {
            yield return $"{nameof(Greeting)} has {Greeting.Length} characters: allowed are 1 to 256.";
        }

        if (Timeout < TimeSpan.FromSeconds(1) || Timeout > TimeSpan.FromHours(1))
        {
            yield return $"{nameof(Timeout)} is {Timeout}: allowed are 1 second to 1 hour; the default is 1 minute.";
        }
    }
}
