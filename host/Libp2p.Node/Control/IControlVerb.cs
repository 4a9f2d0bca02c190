using System.Text.Json;

namespace Libp2p.Node.Control;

/// <summary>Something that a running node can be asked.</summary>
internal interface IControlVerb
{
    /// <summary>What requests call it.</summary>
    string Name { get; }

    /// <summary>Adds to the answer, an object that is open and already says <c>"ok":true</c>.</summary>
    /// <param name="request">The whole request.</param>
    /// <param name="answer">Takes the answer; not kept after the call.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CommandException">The answer is this error and its hint instead.</exception>
    ValueTask AnswerAsync(JsonElement request, Utf8JsonWriter answer, CancellationToken cancellationToken);
}
