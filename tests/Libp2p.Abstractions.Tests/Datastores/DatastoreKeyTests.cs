using System.Text;
using CsCheck;

namespace Libp2p.Abstractions.Tests.Datastores;

public class DatastoreKeyTests
{
    [Theory]
    [InlineData("", "/")]
    [InlineData("/", "/")]
    [InlineData("///", "/")]
    [InlineData("a", "/a")]
    [InlineData("/a/", "/a")]
    [InlineData("//a///b//", "/a/b")]
    [InlineData("/a/.b/..c/...", "/a/.b/..c/...")]
    [InlineData("/é/ü", "/é/ü")]
    public void Keys_are_clean(string text, string clean)
    {
        DatastoreKey.Parse(text).ToString().ShouldBe(clean);
        DatastoreKey.FromBytes(Encoding.UTF8.GetBytes(text)).ShouldBe(DatastoreKey.Parse(clean));
    }

    [Theory]
    [InlineData(".")]
    [InlineData("/a/..")]
    [InlineData("/../a")]
    [InlineData("/a/./b")]
    public void Components_that_go_and_js_read_differently_are_refused(string text)
    {
        DatastoreKey.TryParse(text, out _).ShouldBeFalse();
        Should.Throw<FormatException>(() => DatastoreKey.Parse(text)).Message.ShouldContain("'.' or '..'");
        Should.Throw<FormatException>(() => DatastoreKey.FromBytes(Encoding.UTF8.GetBytes(text)));
    }

    [Fact]
    public void The_length_is_bounded_before_anything_is_allocated_for_it()
    {
        DatastoreKey.Parse(new string('x', DatastoreKey.MaxLength - 1)).Length.ShouldBe(DatastoreKey.MaxLength);
        DatastoreKey.TryParse(new string('x', DatastoreKey.MaxLength), out _).ShouldBeFalse();
        DatastoreKey.TryParse(new string('é', DatastoreKey.MaxLength / 2), out _).ShouldBeFalse();
        var huge = new string('/', 100_000_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        DatastoreKey.TryParse(huge, out _).ShouldBeFalse();
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1024);
    }

    [Fact]
    public void Keys_have_parents_names_and_children()
    {
        DatastoreKey key = "/a/b/c";
        key.Name.ShouldBe("c");
        key.Parent.ShouldBe("/a/b");
        ((DatastoreKey)"/a").Parent.ShouldBe(DatastoreKey.Root);
        DatastoreKey.Root.Parent.IsRoot.ShouldBeTrue();
        DatastoreKey.Root.Name.ShouldBeEmpty();
        ((DatastoreKey)"/a").Child("b/c").ShouldBe(key);
        DatastoreKey.Root.Child(key).ShouldBe(key);
        key.Child(DatastoreKey.Root).ShouldBe(key);
        key.RelativeTo("/a").ShouldBe("/b/c");
        key.RelativeTo(DatastoreKey.Root).ShouldBe(key);
        Should.Throw<ArgumentException>(() => key.RelativeTo("/a/b/c"));
        Should.Throw<FormatException>(() => key.Child(new string('x', DatastoreKey.MaxLength - 1)));
        default(DatastoreKey).ShouldBe(DatastoreKey.Parse("/"));
        default(DatastoreKey).Bytes.ToArray().ShouldBe("/"u8.ToArray());
    }

    [Theory]
    [InlineData("/a/b", "/a", true)]
    [InlineData("/a", "/a", false)]
    [InlineData("/ab", "/a", false)]
    [InlineData("/a", "/", true)]
    [InlineData("/", "/", false)]
    [InlineData("/a", "/a/b", false)]
    public void Below_means_whole_components(string key, string ancestor, bool isBelow) => ((DatastoreKey)key).IsBelow(ancestor).ShouldBe(isBelow);

    [Fact]
    public void Cleaning_is_idempotent_and_order_is_that_of_bytes() =>
        Gen.Select(Gen.Char["a/b-0é"].Array[0, 12], Gen.Char["a/b-0é"].Array[0, 12]).Sample((left, right) =>
        {
            var (a, b) = (DatastoreKey.Parse(new string(left)), DatastoreKey.Parse(new string(right)));
            DatastoreKey.Parse(a.ToString()).ShouldBe(a);
            Math.Sign(a.CompareTo(b)).ShouldBe(Math.Sign(a.Span.SequenceCompareTo(b.Span)));
            (a == b).ShouldBe(a.ToString() == b.ToString());
            if (a == b) a.GetHashCode().ShouldBe(b.GetHashCode());
            if (!b.IsRoot) a.Child(b).RelativeTo(a).ShouldBe(b);
        });
}
