/* The page of drift_report(format => 'html'): filtering, folding, copying. */
(function () {
	'use strict';

	/* elements are few enough to hold; their text is read once, when first asked for */
	var changes = Array.from(document.querySelectorAll('.change'));
	var objects = Array.from(document.querySelectorAll('.object'));
	var groups = Array.from(document.querySelectorAll('.part, .object, .more, .schema')).reverse();
	var toggles = Array.from(document.querySelectorAll('.toggle'));
	var filter = document.getElementById('filter');
	var status = document.getElementById('status');
	var texts = null;
	var timer = 0;
	var OPEN_AT_MOST = 40;

	function textOf(change) {
		var part = change.closest('.part');
		return (change.closest('.object').querySelector('h3').textContent + ' ' +
			(part ? part.querySelector('h4').textContent : '') + ' ' + change.textContent).toLowerCase();
	}

	function fits(text, words) {
		return words.every(function (word) { return text.includes(word); });
	}

	function holdsAny(group) {
		return group.querySelector('.change:not([hidden])') !== null;
	}

	function apply() {
		var off = toggles.filter(function (t) { return t.getAttribute('aria-pressed') === 'false'; })
			.map(function (t) { return t.dataset.class; });
		var words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
		var shown = 0;
		if (words.length && !texts)
			texts = changes.map(textOf);
		changes.forEach(function (change, i) {
			change.hidden = off.includes(change.dataset.class) || (words.length > 0 && !fits(texts[i], words));
			shown += change.hidden ? 0 : 1;
		});
		groups.forEach(function (group) { group.hidden = !holdsAny(group); });
		if (words.length && shown <= OPEN_AT_MOST)
			groups.forEach(function (group) {
				if (!group.hidden && group.matches('details'))
					group.open = true;
			});
		document.getElementById('nothing').hidden = shown > 0;
		status.textContent = shown === changes.length ? '' : 'Showing ' + shown + ' of ' + changes.length + ' changes';
	}

	function later() {
		clearTimeout(timer);
		timer = setTimeout(apply, changes.length > 500 ? 200 : 50);
	}

	function openAll(open) {
		document.querySelectorAll(open ? '.object, .more' : '.object').forEach(function (d) { d.open = open; });
	}

	/* a link to one drift opens what it is folded into */
	function openTarget() {
		var target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
		for (var e = target; e; e = e.parentElement)
			if (e.matches('details'))
				e.open = true;
		if (target)
			target.scrollIntoView();
	}

	/* what is shown by number is copied as the character that it is */
	function textToCopy(script) {
		var copied = script.cloneNode(true);
		copied.querySelectorAll('.u').forEach(function (mark) {
			var number = /^\\u\{([0-9a-f]+)\}$/.exec(mark.textContent);
			if (number)
				mark.textContent = String.fromCodePoint(parseInt(number[1], 16));
		});
		return copied.textContent;
	}

	function copy() {
		var script = document.getElementById('script');
		var button = this;
		function say(word) {
			button.textContent = word;
			setTimeout(function () { button.textContent = 'Copy'; }, 2000);
		}
		function select() {
			getSelection().selectAllChildren(script);
			say('Selected');
		}
		if (navigator.clipboard)
			navigator.clipboard.writeText(textToCopy(script)).then(function () { say('Copied'); }, select);
		else
			select();
	}

	/* what is closed would not be printed */
	var closed = [];
	addEventListener('beforeprint', function () {
		closed = Array.from(document.querySelectorAll('main details:not([open])'));
		closed.forEach(function (d) { d.open = true; });
	});
	addEventListener('afterprint', function () {
		closed.forEach(function (d) { d.open = false; });
	});

	document.querySelector('.tools').disabled = false;
	toggles.forEach(function (toggle) {
		toggle.addEventListener('click', function () {
			toggle.setAttribute('aria-pressed', toggle.getAttribute('aria-pressed') === 'true' ? 'false' : 'true');
			apply();
		});
	});
	filter.addEventListener('input', later);
	filter.addEventListener('keydown', function (event) {
		if (event.key === 'Escape') {
			filter.value = '';
			apply();
		}
	});
	document.getElementById('open').addEventListener('click', function () { openAll(true); });
	document.getElementById('close').addEventListener('click', function () { openAll(false); });
	document.getElementById('copy').hidden = false;
	document.getElementById('copy').addEventListener('click', copy);
	addEventListener('hashchange', openTarget);
	openTarget();
})();
